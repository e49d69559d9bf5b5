using System.Text;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Malformed;

/// <summary>Malformed requests that once were answered wrongly.</summary>
[Collection(nameof(InProcess))]
public sealed class FoundInputTests(InProcess servers)
{
    [Theory]
    [InlineData("ffffffffffffffffff\r\n{}")]
    [InlineData("zz\r\n{}")]
    public async Task A_chunk_of_an_impossible_size_is_the_client_s_fault(string chunks)
    {
        var request = $"POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer dev-token\r\nContent-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}";

        var (statuses, _) = await RawExchange.SendAsync(servers.Weather.A.Port, Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);

        Assert.Equal([400], statuses);
    }
}
