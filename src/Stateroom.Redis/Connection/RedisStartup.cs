using Microsoft.Extensions.Hosting;
using Stateroom.Limits;
using Stateroom.Redis.Messaging;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Redis.Connection;

/// <summary>
/// Connects and begins to listen when the host starts, and looks something up and takes a place, given back at once, before the server takes requests: first uses take long, longest on a busy machine,
/// and would make the first requests too late. A balancer may send them as soon as the port is open, ready or not. Where Redis does not answer after some tries,
/// the server starts all the same, is not ready, and becomes so later. When the host stops, the instance counts as alive and hears the others until all else
/// has stopped: calls that still run belong to it, and whoever resumes their streams elsewhere must not take them for lost.
/// </summary>
internal sealed class RedisStartup(RedisConnection connection, RedisSessionBackplane backplane, StoreProbe probe, IAdmission admission) : IHostedLifecycleService
{
    private const int Tries = 3;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _ = connection.GetAsync();
        backplane.Start();
        for (var i = 0; i < Tries; i++)
        {
            try
            {
                await probe.RunAsync(cancellationToken);
                (await admission.AdmitAsync(new(Caller.Anonymous) { Place = AdmissionPlace.Call, Count = 1 }, cancellationToken)).Lease?.Dispose();
                return;
            }
            catch (SessionStoreUnavailableException)
            {
                // Redis is away or slow, which the health check tells, or this was only the first use.
            }
        }
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => backplane.DisposeAsync().AsTask();

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
