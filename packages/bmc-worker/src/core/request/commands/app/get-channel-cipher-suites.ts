import { CIPHER_SUITE_LIST_CHUNK, encodeCipherSuiteRecords, getChannelCipherSuites } from '@vbmc/ipmi-codec';
import { isLanChannel, LAN_CHANNEL } from '../../../terms/lan-channel.ts';
import { refuse, respond } from '../../../terms/result.ts';
import { defineHandler } from '../handler.ts';

const IPMI_MESSAGE_PAYLOAD = 0;

export const getChannelCipherSuitesHandler = defineHandler({
  command: getChannelCipherSuites,
  privilege: 'none',
  handle: ({ channelNumber, payloadType, listByCipherSuite, listIndex }, { cipherSuites }) => {
    if (!isLanChannel(channelNumber) || payloadType !== IPMI_MESSAGE_PAYLOAD)
      return refuse('invalidDataField');
    const records = encodeCipherSuiteRecords(cipherSuites);
    // By algorithm: the tagged bytes of all records, each once, without the records' heads (start of record, id).
    const list = listByCipherSuite
      ? records
      : Uint8Array.from(new Set(records.filter((_, at) => at % 5 >= 2))).sort();
    const start = listIndex * CIPHER_SUITE_LIST_CHUNK;
    return respond({
      channelNumber: LAN_CHANNEL,
      records: list.subarray(start, start + CIPHER_SUITE_LIST_CHUNK),
    });
  },
});
