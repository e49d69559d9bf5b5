using System.ComponentModel;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Stateroom.Server.Hosting;

/// <summary>Ties options to a section of the settings so that whatever is wrong there stops the start with words that help.</summary>
internal static class Settings
{
    public static OptionsBuilder<T> AddSettings<T>(this IServiceCollection services, string section)
        where T : class =>
        services.AddOptions<T>()
            .Configure<IConfiguration>((options, configuration) => Bind(configuration.GetSection(section), options))
            .ValidateOnStart();

    private static void Bind<T>(IConfigurationSection section, T options)
        where T : class
    {
        var faults = Faults(section, typeof(T)).ToList();
        if (faults.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(T), faults);
        }

        section.Bind(options);
    }

    private static IEnumerable<string> Faults(IConfigurationSection section, Type type)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var setting = section.GetSection(property.Name);
            var wanted = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (setting.Value is { Length: > 0 } value)
            {
                if (!Reads(value, wanted))
                {
                    yield return $"{setting.Path} is '{value}'. Give {Describe(wanted)}.";
                }
            }
            else if (setting.GetChildren().Any())
            {
                foreach (var fault in Faults(setting, wanted))
                {
                    yield return fault;
                }
            }
        }
    }

    private static bool Reads(string value, Type type)
    {
        // A bare number would be read as days, which nobody means who writes 30.
        var isDays = type == typeof(TimeSpan) && value != "0" && value.All(char.IsAsciiDigit);
        var converter = TypeDescriptor.GetConverter(type);
        return !isDays && (!converter.CanConvertFrom(typeof(string)) || converter.IsValid(value));
    }

    private static string Describe(Type type) =>
        type == typeof(TimeSpan) ? "a time as hh:mm:ss"
        : type == typeof(bool) ? "true or false"
        : type.IsEnum ? string.Join(" or ", Enum.GetNames(type))
        : type.IsPrimitive ? "a whole number in digits"
        : $"what reads as {type.Name}";
}
