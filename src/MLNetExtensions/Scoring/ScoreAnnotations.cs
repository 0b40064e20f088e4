using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Scoring;

/// <summary>The annotations that ML.NET's own trainers give their output columns.</summary>
internal static class ScoreAnnotations
{
    private const string ScoreColumnSetId = "ScoreColumnSetId";

    /// <summary>Annotates the kind of score that a column belongs to, and the part of it that the column holds.</summary>
    public static void AddKind(DataViewSchema.Annotations.Builder annotations, string columnKind, string valueKind, uint setId)
    {
        AddText(annotations, "ScoreColumnKind", columnKind);
        AddText(annotations, "ScoreValueKind", valueKind);
        annotations.Add(ScoreColumnSetId, new KeyDataViewType(typeof(uint), int.MaxValue), (ref uint value) => value = setId);
    }

    /// <summary>The names of a vector's slots.</summary>
    public static void AddSlotNames(DataViewSchema.Annotations.Builder annotations, IReadOnlyList<string> names) =>
        annotations.Add(
            "SlotNames",
            new VectorDataViewType(TextDataViewType.Instance, names.Count),
            (ref VBuffer<ReadOnlyMemory<char>> value) =>
                value = new VBuffer<ReadOnlyMemory<char>>(names.Count, [.. names.Select(n => n.AsMemory())])
        );

    /// <summary>A number that no other score has: ML.NET's evaluators find the columns that belong together by it.</summary>
    public static uint NextSetId(DataViewSchema input)
    {
        uint last = 0;
        foreach (DataViewSchema.Column column in input)
            if (
                column.Annotations.Schema.GetColumnOrNull(ScoreColumnSetId) is { Type: KeyDataViewType { RawType: var type } }
                && type == typeof(uint)
            )
            {
                uint id = 0;
                column.Annotations.GetValue(ScoreColumnSetId, ref id);
                last = Math.Max(last, id);
            }
        return last + 1;
    }

    private static void AddText(DataViewSchema.Annotations.Builder annotations, string kind, string text) =>
        annotations.Add(kind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = text.AsMemory());
}
