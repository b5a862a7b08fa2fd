/** A resolver whose answers a test gives, one by one. */
import type { ResolveName } from '#supervisor/host/resolve-name.ts';

interface Question {
  readonly name: string;
  readonly resolve: (addresses: readonly string[]) => void;
  readonly reject: (error: Error) => void;
}

export class ScriptedResolver {
  /** The names that were asked for, in order. */
  readonly asked: string[] = [];
  readonly #open: Question[] = [];

  readonly resolve: ResolveName = (name) =>
    new Promise((resolve, reject) => {
      this.asked.push(name);
      this.#open.push({ name, resolve, reject });
    });

  /** The names that wait for an answer. */
  get waiting(): readonly string[] {
    return this.#open.map(({ name }) => name);
  }

  async answers(name: string, ...addresses: readonly string[]): Promise<void> {
    this.#take(name).resolve(addresses);
    await turns();
  }

  async fails(name: string, code: string): Promise<void> {
    this.#take(name).reject(Object.assign(new Error('getaddrinfo'), { code }));
    await turns();
  }

  #take(name: string): Question {
    const index = this.#open.findIndex((one) => one.name === name);
    const [question] = index < 0 ? [] : this.#open.splice(index, 1);
    if (question === undefined) throw new Error(`${name} was not asked for`);
    return question;
  }
}

/** Lets promises settle that follow from each other. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}
