using System.Text.RegularExpressions;

namespace Stateroom.Shipping.Tests.Support;

/// <summary>A page of the documentation.</summary>
internal static partial class Page
{
    public static string Text(string name) => File.ReadAllText(Path.Combine(Repository.Root, name));

    /// <summary>Its blocks of code in a language.</summary>
    public static IReadOnlyList<string> Blocks(string name, string language) =>
        [.. Block().Matches(Text(name)).Where(block => block.Groups[1].Value == language).Select(block => block.Groups[2].Value)];

    [GeneratedRegex("^```(\\w+)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
