using System.Text;
using System.Xml.Linq;

namespace Stateroom.Shipping.Tests.Packages;

/// <summary>What a package tells and holds.</summary>
[Collection(SharedPackages.Name)]
public sealed class PackageTests(PackagesFixture packages)
{
    public static TheoryData<string> Names => [.. PackagesFixture.Names];

    public static TheoryData<string> Libraries => [.. PackagesFixture.Names.Where(name => name != "Stateroom.Cli")];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_says_what_it_is_and_under_which_licence(string name)
    {
        var metadata = XDocument.Load(new MemoryStream(packages.Read(name, "nupkg", f => f == $"{name}.nuspec"))).Root!.Elements().First();
        string? Value(string element) => metadata.Elements().FirstOrDefault(e => e.Name.LocalName == element)?.Value;

        Assert.Equal(name, Value("id"));
        Assert.Equal("MIT", Value("license"));
        Assert.True(Value("description")!.Length > 20);
        Assert.Contains("mcp", Value("tags")!.Split(' '));
        var files = packages.Files(name, "nupkg");
        Assert.Contains(Value("readme"), files);
        Assert.Contains(Value("icon"), files);
        Assert.True(packages.Read(name, "nupkg", f => f == Value("icon"))[..4] is [0x89, (byte)'P', (byte)'N', (byte)'G']);
        Assert.Contains(name == "Stateroom.Cli" ? "stateroom" : name, Encoding.UTF8.GetString(packages.Read(name, "nupkg", f => f == Value("readme"))), StringComparison.Ordinal);

        // Nobody has said where the repository will be.
        Assert.Null(metadata.Elements().FirstOrDefault(e => e.Name.LocalName == "repository")?.Attribute("url"));
        Assert.Null(Value("projectUrl"));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_library_brings_its_documentation_and_symbols(string name)
    {
        Assert.Contains($"lib/net10.0/{name}.dll", packages.Files(name, "nupkg"));
        Assert.Contains("<member name=\"T:Stateroom.", Encoding.UTF8.GetString(packages.Read(name, "nupkg", f => f == $"lib/net10.0/{name}.xml")), StringComparison.Ordinal);
        Assert.Contains($"lib/net10.0/{name}.pdb", packages.Files(name, "snupkg"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_in_it_tells_where_it_was_built(string name)
    {
        Assert.SkipUnless(PackagesFixture.Configuration == "Release", "Debug builds name their sources, for the debugger.");
        foreach (var (extension, suffix) in new[] { ("nupkg", ".dll"), ("snupkg", ".pdb") })
        {
            foreach (var file in packages.Files(name, extension).Where(f => Path.GetFileName(f).StartsWith("Stateroom", StringComparison.Ordinal) && f.EndsWith(suffix, StringComparison.Ordinal)))
            {
                var text = Encoding.Latin1.GetString(packages.Read(name, extension, f => f == file));
                Assert.DoesNotContain(Repository.Root, text, StringComparison.Ordinal);
            }
        }

        // The map was applied, rather than nothing recorded.
        Assert.Contains("/_/src/", Encoding.Latin1.GetString(packages.Read(name, "nupkg", f => f.EndsWith($"/{name}.dll", StringComparison.Ordinal))), StringComparison.Ordinal);
    }
}
