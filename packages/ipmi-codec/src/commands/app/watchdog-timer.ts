import { bit, flag } from '../../bytes/bits.ts';
import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { noData, type Command, type NoData } from '../command.ts';

/** Bits 2:0 of the timer use, by value; 0, 6 and 7 are reserved. */
export const watchdogUses = ['reserved', 'biosFrb2', 'biosPost', 'osLoad', 'smsOs', 'oem'] as const;
/** Bits 2:0 of the timer actions, by value; the others are reserved. */
export const watchdogActions = ['none', 'hardReset', 'powerDown', 'powerCycle'] as const;
/** Bits 6:4 of the timer actions, by value: what comes before the action; the others are reserved. */
export const watchdogInterrupts = ['none', 'smi', 'nmi', 'messagingInterrupt'] as const;

export interface WatchdogSettings {
  /** Byte 1, bit 7: an expiry is not logged. */
  readonly dontLog: boolean;
  /** Byte 1, bits 2:0: a number of `watchdogUses`. */
  readonly use: number;
  /** Byte 2, bits 6:4 and 2:0: numbers of `watchdogInterrupts` and `watchdogActions`. */
  readonly interrupt: number;
  readonly action: number;
  /** 1 byte, in seconds: how long before the expiry the interrupt comes. */
  readonly preTimeoutSeconds: number;
  /**
   * 1 byte, bits 5:1 by use: in a request, the expiration flags to clear; in a response, those of the timers that have expired since
   * they were cleared.
   */
  readonly expirationFlags: number;
  /** 2 bytes, in units of 100 ms. */
  readonly initialCountdown: number;
}

export interface SetWatchdogTimerRequest extends WatchdogSettings {
  /** Byte 1, bit 6: a timer that runs goes on, from the new countdown. */
  readonly dontStop: boolean;
}

export interface WatchdogTimer extends WatchdogSettings {
  /** Byte 1, bit 6. */
  readonly isRunning: boolean;
  /** 2 bytes, in units of 100 ms. */
  readonly presentCountdown: number;
}

function readSettings(reader: ByteReader): WatchdogSettings & { readonly bit6: boolean } {
  const use = reader.u8();
  const actions = reader.u8();
  return {
    dontLog: bit(use, 7),
    bit6: bit(use, 6),
    use: use & 0x07,
    interrupt: (actions >>> 4) & 0x07,
    action: actions & 0x07,
    preTimeoutSeconds: reader.u8(),
    expirationFlags: reader.u8(),
    initialCountdown: reader.u16(),
  };
}

function writeSettings(writer: ByteWriter, settings: WatchdogSettings, bit6: boolean): ByteWriter {
  return writer
    .u8(flag(settings.dontLog, 7) | flag(bit6, 6) | settings.use)
    .u8((settings.interrupt << 4) | settings.action)
    .u8(settings.preTimeoutSeconds)
    .u8(settings.expirationFlags)
    .u16(settings.initialCountdown);
}

/** v2.0§27.6 table 27-3. Request 6 bytes, response none. */
export const setWatchdogTimer: Command<SetWatchdogTimerRequest, NoData> = {
  name: 'Set Watchdog Timer',
  netFn: 'app',
  code: 0x24,
  request: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const { bit6: dontStop, ...settings } = readSettings(reader);
      reader.end();
      return { ...settings, dontStop };
    },
    encode: (request) => writeSettings(new ByteWriter(6), request, request.dontStop).bytes,
  },
  response: noData,
};

/** v2.0§27.5 table 27-2. It starts the countdown, or starts it over. Request none, response none. */
export const resetWatchdogTimer: Command<NoData, NoData> = {
  name: 'Reset Watchdog Timer',
  netFn: 'app',
  code: 0x22,
  request: noData,
  response: noData,
};

/** v2.0§27.7 table 27-4. Request none, response 8 bytes. */
export const getWatchdogTimer: Command<NoData, WatchdogTimer> = {
  name: 'Get Watchdog Timer',
  netFn: 'app',
  code: 0x25,
  request: noData,
  response: {
    decode: (data) => {
      const reader = new ByteReader(data);
      const { bit6: isRunning, ...settings } = readSettings(reader);
      const presentCountdown = reader.u16();
      reader.end();
      return { ...settings, isRunning, presentCountdown };
    },
    encode: (timer) =>
      writeSettings(new ByteWriter(8), timer, timer.isRunning).u16(timer.presentCountdown).bytes,
  },
};
