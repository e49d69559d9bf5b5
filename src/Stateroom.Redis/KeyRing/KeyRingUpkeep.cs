using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Stateroom.Redis.Diagnostics;
using Stateroom.Sessions;

namespace Stateroom.Redis.KeyRing;

/// <summary>
/// Keeps the rings of all instances the same while they run, at every heartbeat: after Redis was emptied, or where clocks are so far apart that one instance
/// does not take another's key for its own, what one seals would else stay closed to another for up to a day.
/// </summary>
internal sealed class KeyRingUpkeep(
    IOptions<KeyManagementOptions> management, IKeyManager manager, IOptions<RedisSessionOptions> options, TimeProvider time, ILogger<KeyRingUpkeep> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (management.Value.XmlRepository is not RedisKeyRing ring || manager is not RefreshedKeyManager refreshed)
        {
            return;
        }

        using var timer = new PeriodicTimer(options.Value.HeartbeatInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await ring.ReconcileAsync(stoppingToken))
                {
                    refreshed.Refresh();
                }
            }
            catch (SessionStoreUnavailableException exception)
            {
                Log.KeyRingNotReconciled(logger, exception);
            }
        }
    }
}
