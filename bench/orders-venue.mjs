// A venue in a process of its own, forked by orders.mjs: it tells the next emulated frame over a WebSocket
// when it is asked for one, and answers every order as taken and not filled. SIMULATED.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { emulatedFrames } from '../dist/src/emulator/world/generate.js';

const json = (response, status, body) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

process.once('message', ({ emulator, assets }) => {
  const frames = emulatedFrames(emulator, assets);
  let orders = 0;
  let groups = 0;
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const { pathname } = new URL(request.url, 'http://venue');
      if (request.method === 'GET')
        return json(response, 200, pathname.endsWith('order_groups') ? { order_groups: [] } : { orders: [] });
      if (pathname.endsWith('order_groups/create'))
        return json(response, 201, { order_group_id: `group-${++groups}` });
      if (request.method !== 'POST') return json(response, 200, {});
      const { client_order_id } = JSON.parse(text);
      return json(response, 201, {
        order_id: `venue-${++orders}`,
        client_order_id,
        fill_count: '0.00',
        remaining_count: '0.00',
        ts_ms: 1,
      });
    });
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) =>
    socket.on('message', () => {
      const { value, done } = frames.next();
      if (done) socket.close();
      else socket.send(`${value.at}\t${value.venue}\t${value.text}`);
    }),
  );
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
});
// Whoever asked is gone, however it ended.
process.once('disconnect', () => process.exit());
