import * as alerting from '@grafana/grafana-foundation-sdk/alerting';

const RECEIVER = 'voltage-operator';

/** Grafana fills it in from its own environment, so that no address and no token is in a file. */
const URL_VARIABLE = 'VOLTAGE_ALERT_URL';

/** Where alerts go. A webhook is understood by most services, and by a program of one's own. */
export const contactPoint = (): alerting.ContactPoint =>
  new alerting.ContactPointBuilder()
    .uid(RECEIVER)
    .name(RECEIVER)
    .type('webhook')
    .settings({
      url: `$${URL_VARIABLE}`,
      httpMethod: 'POST',
      title: '{{ template "voltage.title" . }}',
      message: '{{ template "voltage.message" . }}',
    })
    .disableResolveMessage(false)
    .build();

/** Who is told when: what is critical at once and again after half an hour, the rest after half a minute. */
export const notificationPolicy = (): alerting.NotificationPolicy =>
  new alerting.NotificationPolicyBuilder()
    .receiver(RECEIVER)
    .groupBy(['alertname', 'lane'])
    .groupWait('30s')
    .groupInterval('5m')
    .repeatInterval('4h')
    .routes([
      new alerting.NotificationPolicyBuilder()
        .receiver(RECEIVER)
        .objectMatchers([['severity', '=', 'critical']])
        .groupWait('5s')
        .groupInterval('1m')
        .repeatInterval('30m'),
    ])
    .build();

const TITLE = `{{ define "voltage.title" }}{{ .Status | toUpper }}: {{ .CommonLabels.alertname }}{{ end }}`;
const MESSAGE = `{{ define "voltage.message" }}{{ range .Alerts }}{{ .Status }}, lane {{ .Labels.lane }}: {{ .Annotations.summary }}
{{ end }}{{ end }}`;

/** Contact point, its words and the policy as a provisioning file has them. */
export const provisionedContacts = (): unknown => {
  const { uid, name, type, settings, disableResolveMessage } = contactPoint();
  return {
    apiVersion: 1,
    templates: [
      { orgId: 1, name: 'voltage.title', template: TITLE },
      { orgId: 1, name: 'voltage.message', template: MESSAGE },
    ],
    contactPoints: [{ orgId: 1, name, receivers: [{ uid, type, settings, disableResolveMessage }] }],
    policies: [{ orgId: 1, ...notificationPolicy() }],
  };
};
