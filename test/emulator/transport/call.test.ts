import { expect, test } from '@jest/globals';
import { callOf } from '../../../src/emulator/transport/call.ts';

const ORDERS = '/trade-api/v2/portfolio/events/orders';
const GROUPS = '/trade-api/v2/portfolio/order_groups';

test.each([
  ['POST', ORDERS, 'create'],
  ['DELETE', `${ORDERS}?subaccount=1`, 'cancelAll'],
  ['POST', `${ORDERS}/batched`, 'batchCreate'],
  ['DELETE', `${ORDERS}/batched`, 'batchCancel'],
  ['DELETE', `${ORDERS}/an-id?exchange_index=2`, 'cancel'],
  ['POST', `${ORDERS}/an-id/amend`, 'amend'],
  ['POST', `${ORDERS}/an-id/decrease?subaccount=0`, 'decrease'],
  ['POST', `${GROUPS}/create`, 'groups'],
  ['PUT', `${GROUPS}/an-id/trigger?exchange_index=2`, 'groups'],
  ['DELETE', `${GROUPS}/an-id`, 'groups'],
  ['GET', `${ORDERS}/an-id`, 'read'],
  ['GET', '/0/public/Time', 'read'],
  ['POST', '/trade-api/v2/portfolio/subaccounts/transfer', undefined],
  ['POST', `${ORDERS}/an-id/other`, undefined],
])('%s %s is a call of kind %s', (method, path, kind) => {
  expect(callOf({ method, path })).toBe(kind);
});
