using System.Collections.Concurrent;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;

namespace Stateroom.State;

/// <summary>Knows under which name each type of state is stored and how it is written. No two types share a name.</summary>
internal sealed class SessionStateTypes
{
    private readonly SessionStateOptions _options;
    private readonly ConcurrentDictionary<string, Type> _names;
    private readonly ConcurrentDictionary<Type, object> _formats = new();

    public SessionStateTypes(IOptions<SessionStateOptions> options)
    {
        _options = options.Value;
        _names = new(_options.Types.Select(t => KeyValuePair.Create(t.Name, t.Type)), StringComparer.Ordinal);
    }

    public StateFormat<T> Resolve<T>()
        where T : class =>
        (StateFormat<T>)_formats.GetOrAdd(typeof(T), static (_, types) => types.Make<T>(), this);

    private StateFormat<T> Make<T>()
        where T : class
    {
        var added = _options.Types.FirstOrDefault(t => t.Type == typeof(T));

        // Unlike FullName, ToString names the arguments of a generic type without the versions of their assemblies.
        var name = added?.Name ?? typeof(T).ToString();
        var holder = _names.GetOrAdd(name, typeof(T));
        if (holder != typeof(T))
        {
            throw new InvalidOperationException(
                $"Two types of state have the name '{name}': {holder.AssemblyQualifiedName} and {typeof(T).AssemblyQualifiedName}. Give one of them its own with {nameof(SessionStateOptions)}.{nameof(SessionStateOptions.AddType)}.");
        }

        return new(name, (JsonTypeInfo<T>)(added?.TypeInfo ?? Describe(typeof(T))));
    }

    private JsonTypeInfo Describe(Type type)
    {
        try
        {
            return _options.JsonSerializerOptions.GetTypeInfo(type);
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException)
        {
            throw new InvalidOperationException(
                $"Nothing says how the state {type} is written as JSON. Pass its JsonTypeInfo to {nameof(SessionStateOptions)}.{nameof(SessionStateOptions.AddType)}.", exception);
        }
    }
}
