using System.Text.RegularExpressions;

namespace Stateroom.Isolation.Tests.Documentation;

/// <summary>What docs/isolation.md names is there.</summary>
public sealed partial class IsolationPageTests
{
    private static readonly string _page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "isolation.md"));

    private static readonly Dictionary<string, string> _tests = Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
        .GroupBy(file => Path.GetFileNameWithoutExtension(file)!)
        .ToDictionary(files => files.Key, files => string.Join('\n', files.Select(File.ReadAllText)));

    public static TheoryData<string> Named => [.. TestName().Matches(_page).Select(match => match.Groups[1].Value).Distinct()];

    public static TheoryData<string> Files => [.. FileName().Matches(_page).Select(match => match.Groups[1].Value).Distinct()];

    public static TheoryData<string> ItemFiles => [.. _tests.Keys.Where(name => name.StartsWith("Item", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Named))]
    public void Every_test_that_is_named_exists(string test)
    {
        var (type, method) = test.Split('.') is [var first, var second] ? (first, second) : (test, null);
        Assert.True(_tests.TryGetValue(type, out var code), $"There is no {type}.cs.");
        Assert.Matches($@"\bclass {type}\b", code);
        Assert.Contains("Assert.", code, StringComparison.Ordinal);
        if (method is not null)
        {
            Assert.Matches($@"public (async Task|void) {method}\(", code);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_file_and_folder_that_is_named_exists(string file) => Assert.True(Path.Exists(Path.Combine(Repository.Root, file)), file);

    [Theory]
    [MemberData(nameof(ItemFiles))]
    public void Every_item_is_in_the_table(string test) => Assert.Contains($"`{test}", _page, StringComparison.Ordinal);

    [GeneratedRegex(@"`(\w+Tests(?:\.\w+)?)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"`((?:src|tests|docs)/[\w./-]+\.\w+)`")]
    private static partial Regex FileName();
}
