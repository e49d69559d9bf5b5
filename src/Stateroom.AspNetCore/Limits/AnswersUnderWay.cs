using System.Runtime.InteropServices;
using Stateroom.Limits;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Limits;

/// <summary>
/// What this instance is answering. The place of a call is free as soon as its answer is on its way, so that what its client sends next finds room; clients that do not
/// read their answers would hold any number of them. So at most twice as many requests are under way as there may be calls.
/// </summary>
internal sealed class AnswersUnderWay
{
    private const int Allowance = 2;

    private readonly Lock _lock = new();
    private readonly Dictionary<(TenantId Tenant, bool IsAnonymous, string? Party), int> _counts = [];

    /// <summary>Counts a request until it is answered.</summary>
    /// <returns>Ends it when disposed of; null where calls are not limited.</returns>
    public Answer? Begin(Caller caller, LimitsInForce limits)
    {
        var maximum = limits.Places(AdmissionPlace.Call);
        if (maximum is { Owner: 0, Tenant: 0 })
        {
            return null;
        }

        lock (_lock)
        {
            if (caller.Party is { } party && Add(caller, party, 1) is var ofOwner && maximum.Owner > 0 && ofOwner > Allowance * maximum.Owner)
            {
                // It does not count for the tenant: one owner cannot have the others refused.
                return new(this, caller, countsForTenant: false, LimitNames.OfOwner(AdmissionPlace.Call, maximum.Owner));
            }

            var ofTenant = Add(caller, null, 1);
            return new(this, caller, countsForTenant: true, maximum.Tenant > 0 && ofTenant > Allowance * maximum.Tenant ? LimitNames.OfTenant(AdmissionPlace.Call, maximum.Tenant) : null);
        }
    }

    private void End(Caller caller, bool countsForTenant)
    {
        lock (_lock)
        {
            if (countsForTenant)
            {
                Add(caller, null, -1);
            }

            if (caller.Party is { } party)
            {
                Add(caller, party, -1);
            }
        }
    }

    private int Add(Caller caller, string? party, int change)
    {
        var key = (caller.Tenant, caller.IsAnonymous, party);
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, key, out _);
        var now = count += change;
        if (now == 0)
        {
            _counts.Remove(key);
        }

        return now;
    }

    /// <summary>One that is under way.</summary>
    /// <param name="all">Those that are.</param>
    /// <param name="caller">Whose it is.</param>
    /// <param name="countsForTenant">Whether it counts for the tenant, too.</param>
    /// <param name="refusal">Why nothing is to be run for it; null if something may.</param>
    internal sealed class Answer(AnswersUnderWay all, Caller caller, bool countsForTenant, LimitRefusal? refusal) : IDisposable
    {
        private bool _ended;

        public LimitRefusal? Refusal => refusal;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _ended, true))
            {
                all.End(caller, countsForTenant);
            }
        }
    }
}
