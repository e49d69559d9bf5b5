namespace Stateroom.Server.Hosting;

/// <summary>Who may read metrics. Each value allows what those before it do.</summary>
internal enum MetricsAccess
{
    /// <summary>Nobody: there is no such path.</summary>
    Off = 0,

    /// <summary>Credentials with the scope <c>stateroom:metrics</c> or <c>stateroom:admin</c>.</summary>
    Scope,

    /// <summary>Whoever is on this machine and came through no proxy that says so.</summary>
    Loopback,

    /// <summary>Whoever reaches this server: for networks that let nobody else.</summary>
    Anyone,
}

/// <summary>Metrics, as the settings under <c>Stateroom</c> say.</summary>
internal sealed class MetricsOptions
{
    /// <summary>Who may read <c>/metrics</c>. Default <see cref="MetricsAccess.Scope"/>; in Development <see cref="MetricsAccess.Loopback"/>.</summary>
    public MetricsAccess MetricsAccess { get; set; } = MetricsAccess.Scope;
}
