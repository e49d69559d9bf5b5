using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Stateroom.Cli.Commands;

/// <summary>Options that several commands have.</summary>
internal static class SharedOptions
{
    private static readonly string[] _development = ["dev-token", "acme-alice", "acme-bob", "globex-alice"];

    /// <summary>The keys of the weather server's development settings.</summary>
    public static IReadOnlyList<string> DevelopmentTokens => _development;

    public static Option<Uri[]> Urls() => new("--url")
    {
        Description = "The MCP endpoint. Given several times, for instances of one server, calls take turns",
        HelpName = "URL",
        DefaultValueFactory = _ => [new Uri("http://localhost:3000/mcp")],
        CustomParser = result => [.. result.Tokens.Select(t => ParseUrl(t.Value, result))],
    };

    public static Option<string[]> Tokens() => new("--token")
    {
        Description = "A caller's bearer token; once for each caller. Left out, the development keys of the weather server",
        HelpName = "TOKEN",
    };

    public static Option<FileInfo?> Json() => new("--json") { Description = "Write the full report to this file", HelpName = "FILE" };

    public static Option<int> Sessions(int count) => new Option<int>("--sessions") { Description = "How many sessions are open at a time", DefaultValueFactory = _ => count }.AtLeast(1);

    /// <summary>A time in seconds, or with a unit: <c>500ms</c>, <c>10s</c>, <c>2m</c>, <c>1h</c>.</summary>
    public static Option<TimeSpan> Time(string name, string description, TimeSpan value) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        DefaultValueFactory = _ => value,
        CustomParser = result => ParseTime(result) ?? default,
    };

    /// <summary>The same without a default.</summary>
    public static Option<TimeSpan?> OptionalTime(string name, string description) => new(name) { Description = description, HelpName = "TIME", CustomParser = ParseTime };

    public static Option<int> AtLeast(this Option<int> option, int least)
    {
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < least)
            {
                result.AddError($"{option.Name} is at least {least}.");
            }
        });
        return option;
    }

    public static Uri? ParseUrl(ArgumentResult result) => ParseUrl(result.Tokens[0].Value, result);

    private static Uri ParseUrl(string text, ArgumentResult result)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return url;
        }

        result.AddError($"'{text}' is no URL. Write it like http://localhost:3000/mcp.");
        return new Uri("http://localhost");
    }

    private static TimeSpan? ParseTime(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var (number, unit) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], TimeSpan.FromMilliseconds(1)),
            _ when text.EndsWith('s') => (text[..^1], TimeSpan.FromSeconds(1)),
            _ when text.EndsWith('m') => (text[..^1], TimeSpan.FromMinutes(1)),
            _ when text.EndsWith('h') => (text[..^1], TimeSpan.FromHours(1)),
            _ => (text, TimeSpan.FromSeconds(1)),
        };
        if (double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is > 0 and < 1e6)
        {
            return unit * value;
        }

        result.AddError($"'{text}' is no time. Write it like 10, 500ms, 30s or 2m.");
        return null;
    }
}
