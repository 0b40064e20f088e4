using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Data.Sources;

/// <summary>Texts that are at hand.</summary>
internal sealed class TextColumn(string name, Func<int, string> valueOf) : SourceColumn(name, TextDataViewType.Instance)
{
    public override Delegate Getter(SourceCursor cursor) =>
        (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = valueOf(cursor.Row).AsMemory());
}
