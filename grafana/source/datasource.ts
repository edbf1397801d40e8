/**
 * The InfluxDB that is provisioned. Every query names it by this uid, so that alert rules, which know no
 * variables, and dashboards ask the same one.
 */
export const DATASOURCE = { type: 'influxdb', uid: 'voltage-influxdb' } as const;

/** Folder of Grafana that holds dashboards and rules. */
export const FOLDER = 'voltage-kalshi';
