import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';

const FOLDER = 'models/training';
const python = spawnSync('python3', ['--version'], { encoding: 'utf8' }).status === 0;
// What is fitted on, and judged, is decided in Python: without it the rule goes unchecked, so CI must have it.
const withPython = python || process.env['CI'] ? describe : describe.skip;

withPython('training in Python (skipped where python3 is not installed)', () => {
  test('its own tests pass: purging, embargo and, where the wheels are installed, that nothing later leaks into a fit', () => {
    const ended = spawnSync(
      'python3',
      ['-m', 'unittest', 'discover', '-s', FOLDER, '-p', 'test_*.py', '-v'],
      {
        encoding: 'utf8',
      },
    );
    // A failure names the test that failed.
    if (ended.status !== 0) throw new Error(ended.stderr);
    const ran = Number(/^Ran (\d+) tests?/m.exec(ended.stderr)?.[1]);
    expect(ran).toBeGreaterThanOrEqual(4);
    expect(ended.stderr).toContain('test_targets_of_60_minutes_are_purged_by_60_minutes');
  });
});
