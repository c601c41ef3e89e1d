// The gateway and its emulated bank as child processes.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const TOKEN = '0123456789abcdef0123456789abcdef';
export const sleep = ms => new Promise(done => setTimeout(done, ms));

export async function until(is_so, what, seconds = 15) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(150))
    if (await is_so().catch(() => false)) return;
  throw new Error(`${what} did not come within ${seconds} s`);
}

function free_port() {
  return new Promise(done => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

class Process {
  run(program, options) {
    this.output = '';
    this.child = spawn(program, options, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.on('data', text => {
        this.output = (this.output + text).slice(-20000);
      });
    this.ended = new Promise(done => this.child.on('exit', done));
    process.on('exit', () => this.child.kill('SIGKILL'));
  }
  suspend() {
    this.child.kill('SIGSTOP');
  }
  go_on() {
    this.child.kill('SIGCONT');
  }
  stop() {
    this.go_on();
    this.child.kill('SIGKILL');
    return this.ended;
  }
}

export class Bank extends Process {
  static async start(program) {
    const bank = new Bank();
    bank.port = await free_port();
    bank.run(program, [`--echoServerPort=${bank.port}`]);
    return bank;
  }
}

export class Gateway extends Process {
  static async start(program, bank) {
    const gateway = new Gateway();
    gateway.program = program;
    gateway.folder = mkdtempSync(join(tmpdir(), 'socketqueue-page-'));
    process.on('exit', () => rmSync(gateway.folder, { recursive: true, force: true }));
    gateway.admin = await free_port();
    const token = join(gateway.folder, 'token'),
      clients = (gateway.clients = await free_port());
    writeFileSync(token, TOKEN + '\n', { mode: 0o600 });
    // Reversals wait for the operator of this test.
    gateway.options = [
      `--upstreamHost=127.0.0.1`,
      `--upstreamPort=${bank}`,
      `--listenPort=${clients}`,
      `--adminPort=${gateway.admin}`,
      `--adminTokenFile=${token}`,
      `--journal=${join(gateway.folder, 'journal')}`,
      '--noAutoReversal',
      '--hostTimeout=2',
      '--queueTimeout=20',
      '--echoTimeout=60',
      '--testClients=3',
      '--testTargetHost=127.0.0.1',
      `--testTargetPort=${clients}`,
      '--testPurchases',
    ];
    gateway.run(program, gateway.options);
    await gateway.is_ready();
    return gateway;
  }

  async is_ready() {
    try {
      await until(async () => (await fetch(`http://127.0.0.1:${this.admin}/readyz`)).ok, 'the gateway', 30);
    } catch (error) {
      throw new Error(`${error.message}; it says:\n${this.output}`);
    }
  }

  async get(path) {
    return (await fetch(`http://127.0.0.1:${this.admin}${path}`)).json();
  }

  async restart() {
    await this.stop();
    this.run(this.program, this.options);
    await this.is_ready();
  }

  // So many purchases of now, each of another terminal, on connections of their own.
  async crowd(count, first = 20000000) {
    const now = new Date(),
      two = n => String(n).padStart(2, '0'),
      time = [now.getFullYear() % 100, now.getMonth() + 1, now.getDate(), now.getHours(), now.getMinutes(), now.getSeconds()];
    const purchase = Buffer.from(this.purchase_in_hex(time.map(two).join('')), 'hex').toString('latin1');
    await Promise.all(
      Array.from({ length: count }, (_, i) => {
        const bytes = purchase.replace('618160', String(700000 + i)).replace('00992468', String(first + i));
        return new Promise((done, failed) => {
          const client = connect(this.clients, '127.0.0.1', () => client.write(bytes, 'latin1'));
          client.on('data', () => client.end());
          client.on('close', done).on('error', failed);
        });
      }),
    );
  }

  purchase_in_hex(time = '261126120000') {
    const text = readFileSync(new URL('../../scenarios/payloads/purchase.iso', import.meta.url), 'latin1');
    return Buffer.from(text.replace('YYMMDDhhmmss', time), 'latin1').toString('hex');
  }
}
