namespace Stateroom.AspNetCore.Endpoint;

/// <summary>What stands around a response whose result was written: the form in which it goes out, and members that the server gives every result.</summary>
/// <param name="Before">What comes first.</param>
/// <param name="Members">Members to add to the result, which has some of its own, each with a comma before it.</param>
/// <param name="After">What comes last.</param>
internal readonly record struct ResponseFrame(ReadOnlyMemory<byte> Before, ReadOnlyMemory<byte> Members, ReadOnlyMemory<byte> After)
{
    /// <summary>Puts it around a response.</summary>
    /// <param name="written">The response from its beginning to the end of its result.</param>
    public byte[] Around(ReadOnlySpan<byte> written) => [.. Before.Span, .. written[..^1], .. Members.Span, .. "}}"u8, .. After.Span];
}
