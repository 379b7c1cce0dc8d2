// Shows a run as its server-sent events tell it: on a terminal a list that moves, elsewhere a line for each change.
const signs = { SUBMITTED_SUCCESS: '·', RUNNING_EXECUTION: '▶', DELAY_EXECUTION: '↻', SUCCESS: '✔', FAILURE: '✘', KILL: '✘' };
const words = { SUBMITTED_SUCCESS: 'waits for a slot', RUNNING_EXECUTION: 'runs', DELAY_EXECUTION: 'waits for its retry', SUCCESS: 'done', FAILURE: 'failed', KILL: 'ended' };

export class Progress {
  firstFailure = null;
  #tasks;
  #out;
  #lines = 0;

  /** @param {string[]} names of the tasks, in the order in which they are shown */
  constructor(names, out) {
    this.#tasks = new Map(names.map(name => [name, { state: null, attempt: 0, began: null, ended: null, message: '' }]));
    this.#out = out;
  }

  /** Until the run is over; gives its state. */
  async follow(stream) {
    for await (const { name, data } of readEvents(stream)) {
      if (name === 'end') return data.state;
      if (name === 'task') this.#take(data);
    }

    throw new Error('The stream of events ended before the run did.');
  }

  #take(event) {
    const task = this.#tasks.get(event.name);
    task.began = event.state === 'RUNNING_EXECUTION' ? new Date(event.at) : task.began;
    Object.assign(task, { state: event.state, attempt: event.attempt, ended: new Date(event.at), message: event.message });
    if (event.state === 'FAILURE') this.firstFailure ??= `${event.name}: ${event.message}`;
    if (this.#out.isTTY) this.#draw();
    else this.#out.write(this.#line(event.name, task) + '\n');
  }

  #draw() {
    const lines = [...this.#tasks].map(([name, task]) => this.#line(name, task));
    this.#out.write((this.#lines ? `\x1b[${this.#lines}A` : '') + lines.map(line => `\x1b[2K${line}\n`).join(''));
    this.#lines = lines.length;
  }

  #line(name, task) {
    const time = task.began && task.ended > task.began ? ` ${((task.ended - task.began) / 1000).toFixed(2)} s` : '';
    const attempt = task.attempt > 1 ? `, attempt ${task.attempt}` : '';
    const why = task.state === 'DELAY_EXECUTION' || task.state === 'FAILURE' ? `: ${task.message.split('\n')[0]}` : '';
    return `  ${signs[task.state] ?? ' '} ${name.padEnd(11)} ${task.state ? words[task.state] : ''}${time}${attempt}${why}`;
  }
}

async function* readEvents(stream) {
  let text = '';
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const blocks = (text + chunk).split('\n\n');
    text = blocks.pop();
    for (const block of blocks) {
      const fields = new Map(block.split('\n').filter(line => !line.startsWith(':') && line).map(line => line.split(/: (.*)/s)));
      if (fields.has('event')) yield { name: fields.get('event'), data: JSON.parse(fields.get('data')) };
    }
  }
}
