namespace WeatherClient;

/// <summary>The era of MCP that the client speaks.</summary>
internal enum Era
{
    /// <summary>Revisions up to 2025-11-25: the server names the session at the handshake.</summary>
    Handshake = 0,

    /// <summary>Revision 2026-07-28: a result names the session, and later calls pass the name back.</summary>
    Stateless,
}

/// <summary>What the command line asks for.</summary>
internal sealed record ClientOptions
{
    public const string Usage = """
        Usage: WeatherClient [--url URL] [--key KEY] [--era handshake|stateless] [--units metric|imperial] [CITY ...]

        Tells the weather of the cities; without any, of those that it reads from the console, one a line.
        Defaults: --url http://localhost:3000/mcp --key dev-token --era handshake --units metric.
        """;

    public Uri Url { get; private set; } = new("http://localhost:3000/mcp");

    public string Key { get; private set; } = "dev-token";

    public Era Era { get; private set; } = Era.Handshake;

    public string Units { get; private set; } = "metric";

    /// <summary>Whether only the usage is wanted.</summary>
    public bool Help { get; private set; }

    public List<string> Cities { get; } = [];

    /// <exception cref="FormatException">The arguments cannot be understood.</exception>
    public static ClientOptions Parse(string[] args)
    {
        var options = new ClientOptions();
        var rest = new Queue<string>(args);
        while (rest.TryDequeue(out var argument))
        {
            switch (argument)
            {
                case "--help" or "-h" or "-?":
                    options.Help = true;
                    break;
                case "--url":
                    options.Url = UrlOf(ValueOf(argument, rest));
                    break;
                case "--key":
                    options.Key = ValueOf(argument, rest);
                    break;
                case "--era":
                    options.Era = Enum.Parse<Era>(OneOf(argument, rest, "handshake", "stateless"), ignoreCase: true);
                    break;
                case "--units":
                    options.Units = OneOf(argument, rest, "metric", "imperial");
                    break;
                case ['-', ..]:
                    throw new FormatException($"There is no option {argument}.");
                default:
                    options.Cities.Add(argument);
                    break;
            }
        }

        return options;
    }

    private static string ValueOf(string option, Queue<string> rest) =>
        rest.TryDequeue(out var value) ? value : throw new FormatException($"{option} needs a value.");

    private static string OneOf(string option, Queue<string> rest, params string[] values)
    {
        var value = ValueOf(option, rest);
        return values.FirstOrDefault(known => known.Equals(value, StringComparison.OrdinalIgnoreCase))
            ?? throw new FormatException($"{option} is {string.Join(" or ", values)}, not '{value}'.");
    }

    private static Uri UrlOf(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https" }
            ? url
            : throw new FormatException($"--url is an address such as http://localhost:3000/mcp, not '{value}'.");
}
