using System.Security.Cryptography;
using Stateroom.Cli.Verify.Probes;

namespace Stateroom.Cli.Tests.Verify;

public sealed class IdStatisticsTests
{
    public static TheoryData<string, bool> Kinds => new()
    {
        { "random base64url", true },
        { "random UUID", true },
        { "random hex behind a prefix", true },
        { "counter", false },
        { "counter behind a random prefix", false },
        { "counter in hex", false },
        { "few random digits", false },
        { "always the same", false },
        { "time first", false },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_easy_to_guess_is_found(string kind, bool safe)
    {
        // By chance a verdict would differ once in far more runs than there will ever be.
        var prefix = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var ids = Enumerable.Range(95, 24).Select(i => kind switch
        {
            "random base64url" => Convert.ToBase64String(RandomNumberGenerator.GetBytes(24)).Replace('+', '-').Replace('/', '_'),
            "random UUID" => Guid.NewGuid().ToString(),
            "random hex behind a prefix" => $"mcp-session-{Convert.ToHexString(RandomNumberGenerator.GetBytes(16))}",
            "counter" => $"{i}",
            "counter behind a random prefix" => $"{prefix}-{i:D6}",
            "counter in hex" => $"{i * 7919:x8}",
            "few random digits" => RandomNumberGenerator.GetInt32(1_000_000_000).ToString("D9", null),
            "always the same" => prefix,
            _ => $"{(i * 1_000_003L):x12}{Convert.ToHexString(RandomNumberGenerator.GetBytes(10))}",
        }).ToList();

        var statistics = new IdStatistics(ids);

        Assert.True(safe == (statistics.Fault is null), $"{statistics.Fault} {statistics.Describe()}");
    }
}
