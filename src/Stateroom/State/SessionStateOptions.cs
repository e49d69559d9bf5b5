using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Stateroom.State;

/// <summary>How the state of sessions is written as JSON and under which names it is stored. Checked at start-up.</summary>
public sealed class SessionStateOptions
{
    /// <summary>Names that begin so are the library's own: <c>stateroom/</c>.</summary>
    public const string ReservedPrefix = "stateroom/";

    private readonly List<SessionStateType> _types = [];

    /// <summary>
    /// How types are written that were not added with a <see cref="JsonTypeInfo"/> of their own. Default <see cref="JsonSerializerDefaults.Web"/>;
    /// by reflection, where the program has it.
    /// </summary>
    public JsonSerializerOptions JsonSerializerOptions { get; set; } = new(JsonSerializerDefaults.Web)
    {
        // State never becomes part of an HTML page, so quotes and letters stay as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = JsonSerializer.IsReflectionEnabledByDefault ? Reflection() : null,
    };

    internal IReadOnlyList<SessionStateType> Types => _types;

    /// <summary>Gives a type of state a name of its own, under which it is still found after the type was renamed or moved.</summary>
    /// <typeparam name="T">The type of state.</typeparam>
    /// <param name="name">The name, unique among types of state; by default a type has its full name. Not beginning with <see cref="ReservedPrefix"/>.</param>
    /// <param name="typeInfo">How the type is written, from a source-generated context; null for <see cref="JsonSerializerOptions"/>.</param>
    /// <returns>These options.</returns>
    public SessionStateOptions AddType<T>(string name, JsonTypeInfo<T>? typeInfo = null)
        where T : class, new()
    {
        _types.Add(new(name, typeof(T), typeInfo));
        return this;
    }

    [System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Called only where reflection is enabled; a trimmed program adds its types with AddType.")]
    [System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Called only where reflection is enabled; a compiled program adds its types with AddType.")]
    private static DefaultJsonTypeInfoResolver Reflection() => new();
}

/// <summary>A type of state that was given a name.</summary>
internal sealed record SessionStateType(string Name, Type Type, JsonTypeInfo? TypeInfo);
