using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Stateroom.AspNetCore.Tests.Stateless;

/// <summary>An answer as its bytes came over the connection, of which each is a character here.</summary>
internal sealed class RawAnswer(string text)
{
    private readonly string[] _head = text[..text.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n");

    public string Status => _head[0];

    /// <summary>All of it but the time of day.</summary>
    public string WithoutDate => string.Join("\r\n", text.Split("\r\n").Where(line => !line.StartsWith("Date: ", StringComparison.Ordinal)));

    /// <summary>The messages in it, be they events or the one body.</summary>
    public IReadOnlyList<string> Messages
    {
        get
        {
            var body = text[(string.Join("\r\n", _head).Length + 4)..];
            body = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(_head.Contains("Transfer-Encoding: chunked") ? JoinChunks(body) : body));
            return _head.Contains("Content-Type: text/event-stream") ? [.. body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(DataOf)] : [body];
        }
    }

    /// <summary>Holds that it says what another one says, however either writes its JSON.</summary>
    public void AssertSays(RawAnswer expected)
    {
        Assert.Equal(expected.Status, Status);
        Assert.Equal(expected.Messages.Count, Messages.Count);
        Assert.All(
            expected.Messages.Zip(Messages),
            pair => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(pair.First), JsonNode.Parse(pair.Second)), $"{pair.First}\n{pair.Second}"));
    }

    private static string JoinChunks(string body)
    {
        var whole = new StringBuilder();
        for (var at = 0; ;)
        {
            var data = body.IndexOf("\r\n", at, StringComparison.Ordinal) + 2;
            var size = int.Parse(body.AsSpan(at, data - 2 - at), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                return whole.ToString();
            }

            whole.Append(body, data, size);
            at = data + size + 2;
        }
    }

    // An event may have its data in several lines.
    private static string DataOf(string written) => string.Join('\n', written.Split('\n').Where(line => line.StartsWith("data:", StringComparison.Ordinal)).Select(line => line[5..].TrimStart(' ')));
}
