import type { Tensor } from '@tensorflow/tfjs-core';
import type { Tfjs } from './load-tfjs.ts';

const [DAY_MINUTES, WEEK_MINUTES, HOUR_MINUTES] = [1_440, 10_080, 60];
const SATURDAY = 5 * DAY_MINUTES;
const [SESSION_OPEN, SESSION_CLOSE] = [570, 960];

/**
 * [batch, 1] minutes since Monday 00:00 in New York to [batch, 12]: three harmonics of the day, one of the
 * week and of the hour (sine, then cosine), weekend, New York's session. It is `clock` of
 * `models/training/patchtst_model.py`. Call it inside `tf.tidy`.
 */
export function tfjsClock(tf: Tfjs, minuteOfWeek: Tensor): Tensor {
  const day = tf.mod(minuteOfWeek, DAY_MINUTES);
  const angle = (minutes: Tensor, turns: number, over: number): Tensor =>
    tf.div(tf.mul(minutes, 2 * Math.PI * turns), over);
  const angles = [
    ...[1, 2, 3].map((harmonic) => angle(day, harmonic, DAY_MINUTES)),
    angle(minuteOfWeek, 1, WEEK_MINUTES),
    angle(tf.mod(day, HOUR_MINUTES), 1, HOUR_MINUTES),
  ];
  const weekend = tf.greaterEqual(minuteOfWeek, SATURDAY);
  const open = tf.logicalAnd(tf.greaterEqual(day, SESSION_OPEN), tf.less(day, SESSION_CLOSE));
  const session = tf.logicalAnd(open, tf.logicalNot(weekend));
  return tf.concat(
    [
      ...angles.flatMap((each) => [tf.sin(each), tf.cos(each)]),
      tf.cast(weekend, 'float32'),
      tf.cast(session, 'float32'),
    ],
    1,
  );
}
