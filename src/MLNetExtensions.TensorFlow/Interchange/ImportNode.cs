using MLNetExtensions.TensorFlow.Proto;

namespace MLNetExtensions.TensorFlow.Interchange;

/// <summary>One node of a GraphDef, functions inlined.</summary>
/// <param name="Name">Its name; inside functions after the calls'.</param>
/// <param name="Proto">The node as the file has it.</param>
/// <param name="Inputs">Its inputs, as <c>node:0</c>, without control inputs.</param>
internal sealed record ImportNode(string Name, NodeDef Proto, string[] Inputs)
{
    public string Op => Proto.Op;

    public string Describe() => $"{Op} '{Name}'";

    public AttrValue? Attribute(string name) => Proto.Attr.TryGetValue(name, out AttrValue? value) ? value : null;

    public long Int(string name, long missing) => Attribute(name) is { ValueCase: AttrValue.ValueOneofCase.I } value ? value.I : missing;

    public float Float(string name, float missing) =>
        Attribute(name) is { ValueCase: AttrValue.ValueOneofCase.F } value ? value.F : missing;

    public bool Bool(string name, bool missing) => Attribute(name) is { ValueCase: AttrValue.ValueOneofCase.B } value ? value.B : missing;

    public string Text(string name, string missing) =>
        Attribute(name) is { ValueCase: AttrValue.ValueOneofCase.S } value ? value.S.ToStringUtf8() : missing;

    public long[] Ints(string name) => Attribute(name)?.List is { } list ? [.. list.I] : [];

    public int Type(string name) => Attribute(name)?.Type ?? 0;

    public TensorFlowFormatException Error(string problem) => new($"{Describe()}: {problem}");
}
