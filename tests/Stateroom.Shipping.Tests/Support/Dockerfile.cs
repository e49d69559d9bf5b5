using System.Text.Json;
using System.Text.RegularExpressions;

namespace Stateroom.Shipping.Tests.Support;

/// <summary>The Dockerfile of this repository, read into its stages.</summary>
internal static partial class Dockerfile
{
    /// <param name="Image">What it starts from.</param>
    /// <param name="Name">What later stages call it.</param>
    /// <param name="Instructions">What it does, in order.</param>
    internal sealed record Stage(string Image, string? Name, IReadOnlyList<Instruction> Instructions)
    {
        /// <summary>The only instruction of a kind.</summary>
        public string The(string keyword) => Assert.Single(Instructions, i => i.Keyword == keyword).Text;

        public IReadOnlyDictionary<string, string> Environment =>
            Instructions.Where(i => i.Keyword == "ENV").SelectMany(i => i.Text.Split(' ')).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

        /// <summary>The program and its arguments, which must not need a shell.</summary>
        public string[] EntryPoint => JsonSerializer.Deserialize<string[]>(The("ENTRYPOINT"))!;
    }

    internal sealed record Instruction(string Keyword, string Text);

    public static IReadOnlyList<Stage> Stages { get; } = Read(File.ReadAllText(Path.Combine(Repository.Root, "Dockerfile")));

    public static Stage Final => Stages[^1];

    private static List<Stage> Read(string text)
    {
        var arguments = new Dictionary<string, string>();
        var stages = new List<Stage>();
        foreach (Match line in InstructionLine().Matches(text.Replace("\\\n", " ", StringComparison.Ordinal)))
        {
            var (keyword, rest) = (line.Groups[1].Value, line.Groups[2].Value.Trim());
            if (keyword == "ARG" && stages.Count == 0)
            {
                var pair = rest.Split('=', 2);
                arguments[pair[0]] = pair[1];
            }
            else if (keyword == "FROM")
            {
                var from = FromLine().Match(arguments.Aggregate(rest, (words, a) => words.Replace($"${{{a.Key}}}", a.Value, StringComparison.Ordinal)));
                stages.Add(new Stage(from.Groups[1].Value, from.Groups[2].Success ? from.Groups[2].Value : null, new List<Instruction>()));
            }
            else
            {
                ((List<Instruction>)stages[^1].Instructions).Add(new Instruction(keyword, rest));
            }
        }

        return stages;
    }

    [GeneratedRegex("^([A-Z]+) (.+)$", RegexOptions.Multiline)]
    private static partial Regex InstructionLine();

    [GeneratedRegex("^(?:--platform=\\S+ )?(\\S+)(?: AS (\\S+))?$")]
    private static partial Regex FromLine();
}
