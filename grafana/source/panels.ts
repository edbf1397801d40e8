import * as barchart from '@grafana/grafana-foundation-sdk/barchart';
import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import * as trend from '@grafana/grafana-foundation-sdk/trend';
import { DATASOURCE } from './datasource.ts';
import { influxTarget, refId, type Target } from './influx-target.ts';

/** A built panel's maker. */
export type Panel = cog.Builder<dashboard.Panel>;

/** What every panel says. */
export interface Basics {
  /** Never changed and never used again: links and alert rules name it. */
  readonly id: number;
  readonly title: string;
  /** What it shows and how to read it, in sentences. */
  readonly description: string;
  /** Grafana's name of the unit. */
  readonly unit: string;
  readonly targets: readonly Target[];
  /** Width in 24ths, and height in rows. */
  readonly width: number;
  readonly height?: number;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly noValue?: string;
  /** Units of columns or series that differ from the panel's. */
  readonly units?: Readonly<Record<string, string>>;
  /** The series that is filled down to another: `[high, low]`. */
  readonly band?: readonly [string, string];
  /** Values from which on another colour is used; the first colour is that below all of them. */
  readonly steps?: readonly [first: string, ...(readonly [number, string])[]];
  /** Words in place of numbers. */
  readonly words?: Readonly<Record<string, { readonly text: string; readonly color: string }>>;
}

interface Builder<Self> extends Panel {
  id(id: number): Self;
  title(title: string): Self;
  description(text: string): Self;
  unit(unit: string): Self;
  datasource(ref: common.DataSourceRef): Self;
  targets(targets: cog.Builder<cog.Dataquery>[]): Self;
  span(width: number): Self;
  height(height: number): Self;
  decimals(decimals: number): Self;
  min(min: number): Self;
  max(max: number): Self;
  noValue(text: string): Self;
  overrideByName(name: string, properties: dashboard.DynamicConfigValue[]): Self;
  thresholds(thresholds: cog.Builder<dashboard.ThresholdsConfig>): Self;
  mappings(mappings: dashboard.ValueMapping[]): Self;
  colorScheme(color: cog.Builder<dashboard.FieldColor>): Self;
}

const HEIGHT = 8;

function basics<Self extends Builder<Self>>(panel: Self, basic: Basics): Self {
  panel
    .id(basic.id)
    .title(basic.title)
    .description(basic.description)
    .unit(basic.unit)
    .datasource({ ...DATASOURCE })
    .targets(basic.targets.map((target, i) => influxTarget(refId(i), target)))
    .span(basic.width)
    .height(basic.height ?? HEIGHT);
  if (basic.decimals !== undefined) panel.decimals(basic.decimals);
  if (basic.min !== undefined) panel.min(basic.min);
  if (basic.max !== undefined) panel.max(basic.max);
  if (basic.noValue !== undefined) panel.noValue(basic.noValue);
  if (basic.steps) {
    const [first, ...steps] = basic.steps;
    panel.thresholds(
      new dashboard.ThresholdsConfigBuilder()
        .mode(dashboard.ThresholdsMode.Absolute)
        .steps([{ value: null, color: first }, ...steps.map(([value, color]) => ({ value, color }))]),
    );
    panel.colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Thresholds));
  }
  if (basic.words) panel.mappings([{ type: dashboard.MappingType.ValueToText, options: { ...basic.words } }]);
  for (const [name, unit] of Object.entries(basic.units ?? {}))
    panel.overrideByName(name, [{ id: 'unit', value: unit }]);
  if (basic.band)
    panel.overrideByName(basic.band[0], [
      { id: 'custom.fillBelowTo', value: basic.band[1] },
      { id: 'custom.fillOpacity', value: 15 },
    ]);
  return panel;
}

const legend = (): common.VizLegendOptionsBuilder =>
  new common.VizLegendOptionsBuilder()
    .displayMode(common.LegendDisplayMode.List)
    .placement(common.LegendPlacement.Bottom)
    .showLegend(true)
    .calcs([]);

const tooltip = (): common.VizTooltipOptionsBuilder =>
  new common.VizTooltipOptionsBuilder()
    .mode(common.TooltipDisplayMode.Multi)
    .sort(common.SortOrder.Descending);

const lastOf = (): common.ReduceDataOptionsBuilder =>
  new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false);

/** Lines over time. */
export const lines = (basic: Basics): timeseries.PanelBuilder =>
  basics(new timeseries.PanelBuilder(), basic)
    .drawStyle(common.GraphDrawStyle.Line)
    .lineWidth(1)
    .fillOpacity(0)
    .showPoints(common.VisibilityMode.Auto)
    .spanNulls(false)
    .legend(legend())
    .tooltip(tooltip());

/** Lines that keep their value until it changes. */
export const stairs = (basic: Basics): timeseries.PanelBuilder =>
  lines(basic).lineInterpolation(common.LineInterpolation.StepAfter);

/** Counts of each interval, one on top of the other. */
export const bars = (basic: Basics): timeseries.PanelBuilder =>
  lines(basic)
    .drawStyle(common.GraphDrawStyle.Bars)
    .fillOpacity(70)
    .stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'));

/** The last value, large. */
export const figure = (basic: Basics): stat.PanelBuilder =>
  basics(new stat.PanelBuilder(), basic)
    .graphMode(common.BigValueGraphMode.Area)
    .colorMode(common.BigValueColorMode.Value)
    .textMode(common.BigValueTextMode.Auto)
    .justifyMode(common.BigValueJustifyMode.Auto)
    .orientation(common.VizOrientation.Auto)
    .reduceOptions(lastOf());

/** Rows of a query in table form. */
export const list = (basic: Basics): table.PanelBuilder =>
  basics(new table.PanelBuilder(), basic).showHeader(true).cellHeight(common.TableCellHeight.Sm);

/** States of several things over time. */
export const states = (basic: Basics): statetimeline.PanelBuilder =>
  basics(new statetimeline.PanelBuilder(), basic)
    .mergeValues(true)
    .showValue(common.VisibilityMode.Auto)
    .alignValue(common.TimelineValueAlignment.Left)
    .rowHeight(0.85)
    .lineWidth(0)
    .fillOpacity(75)
    .legend(legend())
    .tooltip(tooltip());

/** A bar for each thing. */
export const gauges = (basic: Basics): bargauge.PanelBuilder =>
  basics(new bargauge.PanelBuilder(), basic)
    .displayMode(common.BarGaugeDisplayMode.Gradient)
    .orientation(common.VizOrientation.Horizontal)
    .showUnfilled(true)
    .reduceOptions(lastOf());

/** Rows of series over time, each cell coloured by its value: red below `-most`, blue above `most`. */
export const heat = (
  basic: Basics & { readonly most: number; readonly rows: string },
): heatmap.PanelBuilder =>
  basics(new heatmap.PanelBuilder(), basic)
    .calculate(false)
    .color(
      new heatmap.HeatmapColorOptionsBuilder()
        .mode(heatmap.HeatmapColorMode.Scheme)
        .scheme('RdBu')
        .fill('dark-orange')
        .scale(heatmap.HeatmapColorScale.Linear)
        .exponent(0.5)
        .steps(64)
        .reverse(false)
        .min(-basic.most)
        .max(basic.most),
    )
    .cellValues({ build: () => ({ unit: basic.unit, decimals: basic.decimals ?? 1 }) })
    .rowsFrame({ build: () => ({ layout: common.HeatmapCellLayout.Auto }) })
    .yAxis(new heatmap.YAxisConfigBuilder().axisPlacement(common.AxisPlacement.Left).axisLabel(basic.rows))
    .cellGap(1)
    .showLegend();

/** Lines over a number that is not time. Rows are brought into the order of `x`, as this panel needs. */
export const curve = (basic: Basics & { readonly x: string }): trend.PanelBuilder =>
  basics(new trend.PanelBuilder(), basic)
    .transformations([
      {
        id: 'convertFieldType',
        options: { fields: {}, conversions: [{ targetField: basic.x, destinationType: 'number' }] },
      },
      { id: 'sortBy', options: { fields: {}, sort: [{ field: basic.x, desc: false }] } },
    ])
    .xField(basic.x)
    .drawStyle(common.GraphDrawStyle.Line)
    .lineWidth(2)
    .fillOpacity(0)
    .showPoints(common.VisibilityMode.Auto)
    .legend(legend())
    .tooltip(tooltip());

/** A bar for each row, side by side, named by the column `x`. */
export const columns = (basic: Basics & { readonly x: string }): barchart.PanelBuilder =>
  basics(new barchart.PanelBuilder(), basic)
    .xField(basic.x)
    .orientation(common.VizOrientation.Vertical)
    .showValue(common.VisibilityMode.Auto)
    .stacking(common.StackingMode.None)
    .barWidth(0.9)
    .groupWidth(0.7)
    .legend(legend())
    .tooltip(tooltip());
