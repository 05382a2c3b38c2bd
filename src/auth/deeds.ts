import type { Deed } from '../audit/audit.service.js';

/** What changes of how somebody signs in are noted as. */
export const passwordChanged = (userId: string, by: 'own' | 'link' | 'operator'): Deed => ({
  action: 'auth.password_changed',
  targetType: 'user',
  targetId: userId,
  details: { by },
});

export const secondFactorTurned = (userId: string, isOn: boolean): Deed => ({
  action: isOn ? 'auth.second_factor_enabled' : 'auth.second_factor_disabled',
  targetType: 'user',
  targetId: userId,
});

export const recoveryCodesRenewed = (userId: string): Deed => ({
  action: 'auth.recovery_codes_renewed',
  targetType: 'user',
  targetId: userId,
});

export const agentInvited = (userId: string): Deed => ({ action: 'agent.invited', targetType: 'user', targetId: userId });
