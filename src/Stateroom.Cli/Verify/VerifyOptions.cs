using Stateroom.Cli.Protocol;
using Stateroom.Cli.Verify.Profiles;

namespace Stateroom.Cli.Verify;

/// <summary>What to verify, and how.</summary>
internal sealed record VerifyOptions
{
    /// <summary>The endpoints of one server; where there are several, calls take turns.</summary>
    public required IReadOnlyList<Uri> Urls { get; init; }

    /// <summary>The callers. Each is held to be somebody else.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    public required Profile Profile { get; init; }

    public required IReadOnlyList<Era> Eras { get; init; }

    /// <summary>How many sessions are open at a time. Default 12.</summary>
    public int Sessions { get; init; } = 12;

    /// <summary>How long each era is driven. Default 10 s.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What the operations are drawn from.</summary>
    public int Seed { get; init; }

    /// <summary>The idle timeout that the server is said to have; null leaves it unchecked.</summary>
    public TimeSpan? Idle { get; init; }

    /// <summary>How long to wait for an answer. Default 10 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);
}
