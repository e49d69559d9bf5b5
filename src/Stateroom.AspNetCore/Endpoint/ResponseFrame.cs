using System.Text.Json;

namespace Stateroom.AspNetCore.Endpoint;

/// <summary>What stands around a result and in it, whatever it is: the form in which its response goes out, and what the server says of itself.</summary>
/// <param name="Before">What comes before the response.</param>
/// <param name="Note">A member of the metadata of every result.</param>
/// <param name="After">What comes after the response.</param>
internal sealed record ResponseFrame(ReadOnlyMemory<byte> Before, ResponseNote Note, ReadOnlyMemory<byte> After);

/// <summary>A member of <c>_meta</c> that is the server's own.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Value">Its value.</param>
internal sealed record ResponseNote(string Key, JsonElement Value);
