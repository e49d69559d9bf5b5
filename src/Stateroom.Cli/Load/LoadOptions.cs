using Stateroom.Cli.Protocol;
using Stateroom.Cli.Verify.Profiles;

namespace Stateroom.Cli.Load;

/// <summary>What to load a server with.</summary>
internal sealed record LoadOptions
{
    /// <summary>The endpoints of the server; where there are several, calls take turns.</summary>
    public required IReadOnlyList<Uri> Urls { get; init; }

    /// <summary>Another server to compare it with; null for none.</summary>
    public Uri? Against { get; init; }

    /// <summary>The callers, among whom the sessions are divided.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    public required Era Era { get; init; }

    /// <summary>How the stateless era names sessions.</summary>
    public HandleProfile? Handle { get; init; }

    /// <summary>What is called.</summary>
    public required ToolCall Call { get; init; }

    /// <summary>How many sessions call at the same time. Default 32.</summary>
    public int Sessions { get; init; } = 32;

    /// <summary>Calls a second of all sessions together; null for as many as get answered (a closed loop).</summary>
    public double? Rate { get; init; }

    /// <summary>How long each server is measured. Default 10 s.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long it is loaded before, which does not count. Default 3 s.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>In how many rounds two servers take turns. Default 5.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>How long to wait for an answer. Default 10 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);
}
