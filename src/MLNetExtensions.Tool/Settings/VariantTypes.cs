using System.Reflection;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.Tool.Settings;

/// <summary>The types and ready-made values that a word can stand for.</summary>
internal static class VariantTypes
{
    // Losses of other tasks than classes.
    private static readonly Type[] LeftOut = [typeof(Distillation), typeof(Ordinal)];

    /// <summary>The words for the values of a type, with the type or the ready-made value that each makes.</summary>
    /// <param name="type">The property's type.</param>
    public static IReadOnlyList<VariantWord> Of(Type type)
    {
        var words = new List<VariantWord>();
        if (type == typeof(Augmentation))
            words.AddRange(
                typeof(Augment)
                    .GetMethods(BindingFlags.Public | BindingFlags.Static)
                    .Where(m => m.GetParameters().Length == 0 && m.ReturnType == typeof(Augmentation))
                    .Select(m => new VariantWord(SettingName.Of(m.Name), null, () => m.Invoke(null, null)!))
            );
        words.AddRange(
            type.GetProperties(BindingFlags.Public | BindingFlags.Static)
                .Where(p => p.PropertyType == type)
                .Select(p => new VariantWord(SettingName.Of(p.Name), null, () => p.GetValue(null)!))
        );
        Type root = type == typeof(Loss) ? typeof(ClassificationLoss) : type;
        words.AddRange(
            type.Assembly.GetExportedTypes()
                .Where(t => !t.IsAbstract && t.IsAssignableTo(root) && !LeftOut.Contains(t) && ConstructorOf(t) is not null)
                .Select(t => new VariantWord(SettingName.Of(WithoutSuffix(t.Name)), t, null))
                .OrderBy(word => word.Word, StringComparer.Ordinal)
        );
        return words;
    }

    /// <summary>The constructor whose parameters can all be written as words; null if there is none.</summary>
    public static ConstructorInfo? ConstructorOf(Type type) =>
        type.GetConstructors()
            .Where(c => c.GetParameters().All(p => SettingText.CanParse(p.ParameterType)) && !IsCopy(c, type))
            .OrderByDescending(c => c.GetParameters().Length)
            .FirstOrDefault();

    private static bool IsCopy(ConstructorInfo constructor, Type type) =>
        constructor.GetParameters() is [{ } only] && only.ParameterType == type;

    private static string WithoutSuffix(string name) =>
        name.EndsWith("Schedule", StringComparison.Ordinal) ? name[..^"Schedule".Length] : name;
}
