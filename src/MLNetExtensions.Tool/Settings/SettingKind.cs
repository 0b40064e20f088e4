namespace MLNetExtensions.Tool.Settings;

/// <summary>What the value of a setting is.</summary>
internal enum SettingKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>A file or folder.</summary>
    Path,

    /// <summary>True or false; the option alone means true.</summary>
    Switch,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Numbers, separated by commas.</summary>
    Numbers,

    /// <summary>A time: 90s, 10m, 1h30m.</summary>
    Duration,

    /// <summary>One of some words.</summary>
    Choice,

    /// <summary>The layers to train: head, all, or a number of stages.</summary>
    Layers,

    /// <summary>One of some words, with properties of it: <c>sgd,momentum=0.9</c>.</summary>
    Variant,
}
