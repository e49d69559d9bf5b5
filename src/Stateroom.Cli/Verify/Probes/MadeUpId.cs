using System.Security.Cryptography;

namespace Stateroom.Cli.Verify.Probes;

/// <summary>Makes ids that never were, of the same form as those that are: what is refused for its form says nothing about foreign ones.</summary>
internal static class MadeUpId
{
    private const string Digits = "0123456789";
    private const string Hex = "abcdef";
    private const string Lower = "abcdefghijklmnopqrstuvwxyz";

    public static string Like(string id, IReadOnlyCollection<string> known)
    {
        var lower = id.All(c => !char.IsAsciiLetterLower(c) || Hex.Contains(c, StringComparison.Ordinal)) ? Hex : Lower;
        while (true)
        {
            var made = string.Concat(id.Select(c => Draw(c, lower)));
            if (!known.Contains(made))
            {
                return made;
            }
        }
    }

    private static char Draw(char c, string lower)
    {
        var from = char.IsAsciiDigit(c) ? Digits : char.IsAsciiLetterLower(c) ? lower : char.IsAsciiLetterUpper(c) ? Lower.ToUpperInvariant() : null;
        return from is null ? c : from[RandomNumberGenerator.GetInt32(from.Length)];
    }
}
