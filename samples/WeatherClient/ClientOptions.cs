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
        """;

    public Uri Url { get; private set; } = new("http://localhost:3000/mcp");

    public string Key { get; private set; } = "dev-token";

    public Era Era { get; private set; } = Era.Handshake;

    public string Units { get; private set; } = "metric";

    public List<string> Cities { get; } = [];

    /// <exception cref="FormatException">The arguments cannot be understood.</exception>
    public static ClientOptions Parse(string[] args)
    {
        var options = new ClientOptions();
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                options.Cities.Add(args[i]);
                continue;
            }

            var (name, value) = (args[i], ++i < args.Length ? args[i] : throw new FormatException($"{args[i - 1]} needs a value."));
            switch (name)
            {
                case "--url":
                    options.Url = new Uri(value);
                    break;
                case "--key":
                    options.Key = value;
                    break;
                case "--era":
                    options.Era = Enum.TryParse<Era>(value, ignoreCase: true, out var era) ? era : throw new FormatException($"There is no era '{value}'.");
                    break;
                case "--units":
                    options.Units = value;
                    break;
                default:
                    throw new FormatException($"There is no option {name}.");
            }
        }

        return options;
    }
}
