using System.Text.RegularExpressions;

namespace Stateroom.Shipping.Tests.Support;

/// <summary>What .dockerignore leaves of the repository, as the documentation of Docker says it is read: the last line that matches a path or a folder above it decides.</summary>
internal static class DockerIgnore
{
    private static readonly (bool Keeps, Regex Pattern)[] _rules =
    [
        .. File.ReadAllLines(Path.Combine(Repository.Root, ".dockerignore"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => (line[0] == '!', Pattern(line.TrimStart('!').Trim('/')))),
    ];

    /// <summary>The files that a build sees, as paths relative to the repository.</summary>
    public static IEnumerable<string> Context() =>
        Directory.EnumerateFiles(Repository.Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Where(file => !file.StartsWith(".git", StringComparison.Ordinal) && !file.Contains("node_modules", StringComparison.Ordinal))
            .Where(IsKept);

    private static bool IsKept(string file) => _rules.Aggregate(true, (kept, rule) => rule.Pattern.IsMatch(file) ? rule.Keeps : kept);

    private static Regex Pattern(string glob) =>
        new("^" + Regex.Escape(glob).Replace(@"\*\*/", "(?:.*/)?", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal) + "(?:/.*)?$");
}
