using System.Text.RegularExpressions;

namespace Stateroom.Shipping.Tests.Documentation;

/// <summary>Whoever follows a link of the documentation arrives, and every page can be come to.</summary>
public sealed partial class LinkTests
{
    /// <summary>The pages of a reader: README and docs, with what they lead to beside programs.</summary>
    public static TheoryData<string> Pages =>
    [
        "README.md", "SECURITY.md", "CHANGELOG.md",
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories).Select(Relative),
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "deploy"), "*.md", SearchOption.AllDirectories).Select(Relative),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_leads_somewhere(string page)
    {
        foreach (var (target, anchor) in Links(page))
        {
            Assert.True(Path.Exists(Path.Combine(Repository.Root, target)), $"{page} links to {target}, which is not there.");
            if (anchor.Length > 0)
            {
                Assert.True(Anchors(target).Contains(anchor), $"{page} links to {target}#{anchor}; there is {string.Join(", ", Anchors(target))}.");
            }
        }
    }

    [Fact]
    public void Every_page_can_be_reached_from_the_readme()
    {
        var reached = new HashSet<string> { "README.md" };
        var queue = new Queue<string>(reached);
        while (queue.TryDequeue(out var page))
        {
            foreach (var (target, _) in Links(page).Where(link => link.Target.EndsWith(".md", StringComparison.Ordinal) && reached.Add(link.Target)))
            {
                queue.Enqueue(target);
            }
        }

        Assert.DoesNotContain(Pages.Select(page => page.Data), page => page.StartsWith("docs", StringComparison.Ordinal) && !reached.Contains(page));
    }

    /// <summary>The links of a page to other places of the repository.</summary>
    private static IEnumerable<(string Target, string Anchor)> Links(string page)
    {
        var text = Fence().Replace(File.ReadAllText(Path.Combine(Repository.Root, page)), "");
        foreach (Match link in Link().Matches(Code().Replace(text, "")))
        {
            var parts = link.Groups[1].Value.Split('#', 2);
            if (!parts[0].Contains("://", StringComparison.Ordinal) && !parts[0].StartsWith("mailto:", StringComparison.Ordinal))
            {
                var target = parts[0].Length == 0 ? page : Relative(Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, parts[0])));
                yield return (target, parts.Length > 1 ? parts[1] : "");
            }
        }
    }

    /// <summary>The anchors that a renderer gives the headings of a page.</summary>
    private static HashSet<string> Anchors(string page)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (Match heading in Heading().Matches(Fence().Replace(File.ReadAllText(Path.Combine(Repository.Root, page)), "")))
        {
            var anchor = NotInAnchor().Replace(heading.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-');
            var unique = anchor;
            for (var n = 1; !seen.Add(unique); n++)
            {
                unique = $"{anchor}-{n}";
            }
        }

        return seen;
    }

    private static string Relative(string file) => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/');

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("`[^`\n]*`(?!\\])")]
    private static partial Regex Code();

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N}\- _]")]
    private static partial Regex NotInAnchor();
}
