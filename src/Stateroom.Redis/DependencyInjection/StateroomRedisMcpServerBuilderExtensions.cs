using StackExchange.Redis;
using Stateroom.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets any instance of an MCP server serve any session.</summary>
public static class StateroomRedisMcpServerBuilderExtensions
{
    /// <summary>Holds the sessions of the server in Redis. Called before or after <c>WithSessions</c>.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="configuration">The connection string, as <see cref="RedisSessionOptions.Configuration"/>.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="configuration"/> is empty.</exception>
    public static IMcpServerBuilder WithRedisSessions(this IMcpServerBuilder builder, string configuration)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(configuration);
        return builder.WithRedisSessions(options => options.Configuration = configuration);
    }

    /// <inheritdoc cref="WithRedisSessions(IMcpServerBuilder, string)" path="/summary"/>
    /// <param name="builder">The server.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The builder.</returns>
    public static IMcpServerBuilder WithRedisSessions(this IMcpServerBuilder builder, Action<RedisSessionOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddStateroomRedis(configure);
        return builder;
    }

    /// <inheritdoc cref="WithRedisSessions(IMcpServerBuilder, string)" path="/summary"/>
    /// <param name="builder">The server.</param>
    /// <param name="connection">A connection that the application opened and will close.</param>
    /// <param name="configure">Sets the other options.</param>
    /// <returns>The builder.</returns>
    public static IMcpServerBuilder WithRedisSessions(this IMcpServerBuilder builder, IConnectionMultiplexer connection, Action<RedisSessionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddStateroomRedis(connection, configure);
        return builder;
    }
}
