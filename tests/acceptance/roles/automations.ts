/** All of them, in the order in which they run. */
import { baremetalOperator } from './automations/baremetal-operator.ts';
import { bifrost } from './automations/bifrost.ts';
import { ciFramework } from './automations/ci-framework.ts';
import { devScripts } from './automations/dev-scripts.ts';
import { infrared } from './automations/infrared.ts';
import { ironicDevstack } from './automations/ironic-devstack.ts';
import { metal3DevEnv } from './automations/metal3-dev-env.ts';
import { redhatci } from './automations/redhatci.ts';
import { tenks, tenks2018 } from './automations/tenks.ts';
import { tfDevstack } from './automations/tf-devstack.ts';
import { tinkerbell } from './automations/tinkerbell.ts';
import { tripleoLab } from './automations/tripleo-lab.ts';
import { tripleoQuickstart } from './automations/tripleo-quickstart.ts';
import type { Automation } from './trial.ts';

export const automations: readonly Automation[] = [
  tripleoLab,
  tripleoQuickstart,
  tenks,
  tenks2018,
  bifrost,
  infrared,
  redhatci,
  ciFramework,
  metal3DevEnv,
  devScripts,
  baremetalOperator,
  tinkerbell,
  tfDevstack,
  ironicDevstack,
];
