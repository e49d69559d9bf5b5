using Microsoft.Extensions.Hosting;
using Stateroom.Redis.Messaging;

namespace Stateroom.Redis.Connection;

/// <summary>Begins to connect and to listen when the host starts, and waits for neither: a server without its Redis starts, is not ready, and becomes so later.</summary>
internal sealed class RedisStartup(RedisConnection connection, RedisSessionBackplane backplane) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = connection.GetAsync();
        backplane.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => backplane.DisposeAsync().AsTask();
}
