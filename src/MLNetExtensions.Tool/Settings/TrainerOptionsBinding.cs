using System.Reflection;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Trainers;

namespace MLNetExtensions.Tool.Settings;

/// <summary>Sets the properties of a trainer's options from settings.</summary>
internal static class TrainerOptionsBinding
{
    /// <summary>Sets what was given.</summary>
    /// <exception cref="UsageException">A value is not one that the property takes.</exception>
    public static void Apply(SettingValues values, TrainerOptions options)
    {
        foreach ((Setting setting, string text) in values.Given)
        {
            if (setting.Property is null)
                continue;
            PropertyInfo property = options.GetType().GetProperty(setting.Property)!;
            try
            {
                property.SetValue(options, SettingText.Parse(property.PropertyType, text));
            }
            catch (FormatException error)
            {
                throw new UsageException($"{values.Origin(setting.Name)} is '{text}'; it must be {error.Message}.", error);
            }
        }
    }
}
