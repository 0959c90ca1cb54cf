/** What libraries download when they are first used, and the variable by which each is told where to keep it. Data only. */

export type LibraryCache = {
  readonly variable: string;
  /** the folder of the image that it is kept in */
  readonly folder: string;
  readonly what: string;
};

const huggingFace: LibraryCache = {
  // https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables
  variable: 'HF_HOME',
  folder: '/var/cache/huggingface',
  what: 'models, hundreds of megabytes and more',
};

/** By the name of the package of Python. */
export const pythonCaches: Readonly<Record<string, LibraryCache>> = {
  'huggingface-hub': huggingFace,
  transformers: huggingFace,
  diffusers: huggingFace,
  datasets: huggingFace,
  'faster-whisper': huggingFace,
  'sentence-transformers': huggingFace,
  flair: { variable: 'FLAIR_CACHE_ROOT', folder: '/var/cache/flair', what: 'models' },
  // https://qdrant.github.io/fastembed
  fastembed: { variable: 'FASTEMBED_CACHE_PATH', folder: '/var/cache/fastembed', what: 'models' },
  // https://www.nltk.org/data.html
  nltk: { variable: 'NLTK_DATA', folder: '/var/cache/nltk', what: 'corpora, up to gigabytes' },
  // https://docs.pytorch.org/docs/stable/hub.html
  torchvision: { variable: 'TORCH_HOME', folder: '/var/cache/torch', what: 'models, hundreds of megabytes' },
  torchaudio: { variable: 'TORCH_HOME', folder: '/var/cache/torch', what: 'models, hundreds of megabytes' },
  // it has no variable of its own (whisper/__init__.py, load_model)
  'openai-whisper': { variable: 'XDG_CACHE_HOME', folder: '/var/cache/whisper', what: 'models, up to gigabytes' },
  easyocr: { variable: 'EASYOCR_MODULE_PATH', folder: '/var/cache/easyocr', what: 'models' },
  tiktoken: { variable: 'TIKTOKEN_CACHE_DIR', folder: '/var/cache/tiktoken', what: 'encodings, a few megabytes' },
  keras: { variable: 'KERAS_HOME', folder: '/var/cache/keras', what: 'models' },
  tensorflow: { variable: 'KERAS_HOME', folder: '/var/cache/keras', what: 'models' },
};
