// Ten pages that read everything, in a process of their own: `PORT CLIENTS`. Tells when all of them read.
import { get } from 'node:http';

const [port, clients] = process.argv.slice(2).map(Number);
let bytes = 0;
let reading = 0;
let ended = 0;
for (let i = 0; i < clients; i++)
  get({ host: '127.0.0.1', port, path: '/api/events' }, (answer) => {
    answer.once('data', () => {
      if (++reading === clients) process.send('reading');
    });
    answer.on('data', (chunk) => {
      bytes += chunk.length;
    });
    answer.on('close', () => {
      ended++;
    });
  });
process.on('message', () => process.send({ bytes, ended }, () => process.exit()));
