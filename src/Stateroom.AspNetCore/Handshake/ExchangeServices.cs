using Stateroom.AspNetCore.Limits;
using Stateroom.Limits;
using Stateroom.Messaging;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>What every exchange uses.</summary>
internal sealed record ExchangeServices(ISessionOutbox Outbox, ISessionBackplane Backplane, Questions Questions, Orphans Orphans, IAdmission Admission, RefusalTally Tally);
