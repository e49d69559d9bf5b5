using System.Text.Json.Nodes;
using Stateroom.Cli.Verify.Profiles;

namespace Stateroom.Cli.Tests.Verify;

public sealed class ProfileTests
{
    [Theory]
    [InlineData("/a/0/b", "1")]
    [InlineData("/text/c", "yes")]
    [InlineData("/text/d/1", "2")]
    [InlineData("/x~1y", "slash")]
    [InlineData("/x~0y", "tilde")]
    [InlineData("/a/1", null)]
    [InlineData("/no/such", null)]
    public void A_pointer_goes_on_inside_a_text_that_is_json(string path, string? value)
    {
        var node = JsonNode.Parse("""{"a":[{"b":1}],"text":"{\"c\":\"yes\",\"d\":[1,2]}","x/y":"slash","x~y":"tilde"}""");

        Assert.Equal(value, ResultPointer.ReadText(node, path));
    }

    [Fact]
    public void Placeholders_are_filled_in_wherever_they_stand()
    {
        var tool = new ToolProfile { Tool = "t", Arguments = JsonNode.Parse("""{"a":"{key}","b":["x {value}",1,{"c":"{key}{value}"}]}""")!.AsObject() };

        Assert.Equal("""{"a":"K","b":["x V",1,{"c":"KV"}]}""", tool.Call(("key", "K"), ("value", "V")).Arguments.ToJsonString());
    }

    [Theory]
    [InlineData("{}", "name")]
    [InlineData("""{"name":"x"}""", "nothing to check")]
    [InlineData("""{"name":"x","countr":{}}""", "countr")]
    [InlineData("""{"name":"x","counter":{"increment":{"tool":"t"}}}""", "nothing tells the counter")]
    [InlineData("""{"name":"x","choice":{"write":{"tool":"t"},"read":{"tool":"t","value":"/a"},"values":["a"]}}""", "fewer than two")]
    public void What_is_wrong_with_a_profile_is_said(string text, string why)
    {
        var folder = Directory.CreateTempSubdirectory("stateroom-profile-");
        try
        {
            var file = new FileInfo(Path.Combine(folder.FullName, "profile.json"));
            File.WriteAllText(file.FullName, text);

            Assert.Contains(why, Assert.Throws<UsageException>(() => ProfileReader.Read(file)).Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
