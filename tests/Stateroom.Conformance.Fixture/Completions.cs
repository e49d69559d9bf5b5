using ModelContextProtocol.Protocol;

namespace Stateroom.Conformance.Fixture;

/// <summary>Completes the arguments of <c>test_prompt_with_arguments</c>.</summary>
internal static class Completions
{
    private static readonly string[] Words = ["paper", "parcel", "test", "testimony", "tester"];

    public static CompleteResult For(CompleteRequestParams request)
    {
        var found = Words.Where(word => word.StartsWith(request.Argument.Value, StringComparison.OrdinalIgnoreCase)).ToArray();
        return new() { Completion = new() { Values = found, Total = found.Length, HasMore = false } };
    }
}
