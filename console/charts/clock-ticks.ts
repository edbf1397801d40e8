const two = (value: number): string => String(value).padStart(2, '0');

/**
 * Labels of times in seconds, in UTC: seconds are shown where the times are less than a minute apart, and the day
 * at the first time of each day but the first.
 */
export function clockTicks(seconds: readonly number[]): string[] {
  const fine = seconds.length > 1 && (seconds[1] ?? 0) - (seconds[0] ?? 0) < 60;
  let day = -1;
  return seconds.map((second) => {
    const at = new Date(1000 * second);
    const turned = day >= 0 && at.getUTCDate() !== day;
    day = at.getUTCDate();
    const clock = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}${fine ? `:${two(at.getUTCSeconds())}` : ''}`;
    return turned ? `${clock}\n${two(at.getUTCDate())}/${two(at.getUTCMonth() + 1)}` : clock;
  });
}
