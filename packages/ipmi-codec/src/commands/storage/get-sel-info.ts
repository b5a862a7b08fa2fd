import { noData, type Command, type NoData } from '../command.ts';
import { repositoryInfo, type RepositoryInfo } from './repository-info.ts';

/** v2.0§31.2 table 31-2. Request none, response 14 bytes. */
export const getSelInfo: Command<NoData, RepositoryInfo> = {
  name: 'Get SEL Info',
  netFn: 'storage',
  code: 0x40,
  request: noData,
  response: repositoryInfo,
};
