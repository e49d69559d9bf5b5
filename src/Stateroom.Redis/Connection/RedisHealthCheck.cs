using Microsoft.Extensions.Diagnostics.HealthChecks;
using Stateroom.Redis.Messaging;
using Stateroom.Sessions;

namespace Stateroom.Redis.Connection;

/// <summary>Whether this instance can serve sessions: Redis answers what requests ask of it, and what other instances publish is heard.</summary>
internal sealed class RedisHealthCheck(StoreProbe probe, RedisSessionBackplane backplane) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await probe.RunAsync(cancellationToken);
        }
        catch (SessionStoreUnavailableException exception)
        {
            return new(context.Registration.FailureStatus, "Redis does not answer.", exception);
        }

        return backplane.IsHearing
            ? HealthCheckResult.Healthy()
            : new(context.Registration.FailureStatus, "What other instances publish is not heard.");
    }
}
