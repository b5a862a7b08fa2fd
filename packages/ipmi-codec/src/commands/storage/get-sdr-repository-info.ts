import { noData, type Command, type NoData } from '../command.ts';
import { repositoryInfo, type RepositoryInfo } from './repository-info.ts';

/** v2.0§33.9 table 33-3. Request none, response 14 bytes. */
export const getSdrRepositoryInfo: Command<NoData, RepositoryInfo> = {
  name: 'Get SDR Repository Info',
  netFn: 'storage',
  code: 0x20,
  request: noData,
  response: repositoryInfo,
};
