namespace MLNetExtensions.Tool.Settings;

/// <summary>A word that stands for a value.</summary>
/// <param name="Word">The word, in kebab-case.</param>
/// <param name="Type">The type that it makes an object of; null if it is ready-made.</param>
/// <param name="Value">Makes the ready-made value; null if there is a type.</param>
internal sealed record VariantWord(string Word, Type? Type, Func<object>? Value);
