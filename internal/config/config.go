package config

// Config is everything that decides what a training run computes.
type Config struct {
	Seed      uint64 `yaml:"seed" help:"seed of the initial weights, of the order of the images, of their augmentation, of dropout and of synthetic faces"`
	Threads   int    `yaml:"threads" help:"goroutines that the kernels split their work over (0 = one a core); the same seed and the same number give the same bits" unit:"goroutines" min:"0" max:"1024" resume:"yes"`
	Precision string `yaml:"precision" help:"what training multiplies: float32, or bf16 (bfloat16: 8 significant bits in the range of float32) on processors with AVX512_BF16; others take float32" oneof:"float32|bf16" resume:"yes"`
	Run       string `yaml:"run" help:"run directory, where config, checkpoints and curves go (default runs/NAME for the config file NAME.yaml)" saved:"no"`

	Network    Network    `yaml:"network"`
	Head       Head       `yaml:"head"`
	Data       Data       `yaml:"data"`
	Augment    Augment    `yaml:"augment"`
	Train      Train      `yaml:"train"`
	Solver     Solver     `yaml:"solver"`
	Validation Validation `yaml:"validation"`
	Checkpoint Checkpoint `yaml:"checkpoint"`
}

// Network chooses a member of the SphereFace family.
type Network struct {
	Name      string  `yaml:"name" help:"network; the number is its depth in layers" oneof:"sphereface4|sphereface10|sphereface20|sphereface36|sphereface64"`
	Width     float64 `yaml:"width" help:"factor on the number of channels of every convolution" above:"0" max:"4"`
	Embedding int     `yaml:"embedding" help:"size of the embedding" unit:"values" min:"1" max:"4096"`
	Dropout   float64 `yaml:"dropout" help:"share of the places of the last map, 7×6 on a crop, that each step of training leaves out, others for each image" min:"0" below:"1"`
	Init      string  `yaml:"init" help:"initial weights: he (He 2015), xavier (Glorot 2010) or torch (PyTorch's default for its layers)" oneof:"he|xavier|torch"`
}

// Head chooses the loss that the embedding is trained with.
type Head struct {
	Kind        string  `yaml:"kind" help:"loss: softmax, normalized (softmax over unit class weights), asoftmax (SphereFace), cosface or arcface" oneof:"softmax|normalized|asoftmax|cosface|arcface"`
	Margin      float64 `yaml:"margin" help:"margin: asoftmax a whole number 1 to 4, cosface a cosine, arcface radians (0 = the usual: 4, 0.35, 0.5)" min:"0" max:"4"`
	Scale       float64 `yaml:"scale" help:"length that normalized, cosface and arcface give to every embedding (0 = the usual: 64)" min:"0" max:"1000"`
	LambdaBase  float64 `yaml:"lambda_base" help:"asoftmax: λ at step 0; λ = max(lambda_min, lambda_base / (1 + lambda_gamma·step))" min:"0" max:"1000000"`
	LambdaMin   float64 `yaml:"lambda_min" help:"asoftmax: the least λ" min:"0" max:"1000000"`
	LambdaGamma float64 `yaml:"lambda_gamma" help:"asoftmax: how fast λ falls" unit:"1/step" min:"0" max:"1000000"`
}

// Data says where the faces come from and who is held out.
type Data struct {
	Source    string  `yaml:"source" help:"faces: lfw (Labeled Faces in the Wild), folder (one folder a person) or synthetic (made from the seed)" oneof:"lfw|folder|synthetic"`
	Root      string  `yaml:"root" help:"folder that holds the images (and, for lfw, its lists)" resume:"yes"`
	Split     string  `yaml:"split" help:"lfw: people to train on: dev-train, dev-test, dev (both), all (not for figures: it holds the people of the test pairs) or view2 (all but those of a fold)" oneof:"dev-train|dev-test|dev|all|view2"`
	Fold      int     `yaml:"fold" help:"split view2: the fold of pairs.txt whose people are left out, from 1; 0 for other splits" min:"0" max:"1000"`
	Exclude   string  `yaml:"exclude" help:"list of people who are left out, such as those of a test's pairs: a name a line, as their folder is called (empty: nobody)" resume:"yes"`
	Cache     string  `yaml:"cache" help:"folder that keeps the aligned crops between runs (empty: your own folder of caches; memory: none is kept)" resume:"yes"`
	Holdout   float64 `yaml:"holdout" help:"share of the people who are held out of training for validation" min:"0" below:"1"`
	MinImages int     `yaml:"min_images" help:"people with fewer images are left out, of training and of validation" unit:"images" min:"1" max:"1000000"`
	Align     string  `yaml:"align" help:"how a photo becomes a crop: detect (the face is found, and its eyes, nose and mouth put at the same places in every crop) or fixed (a frame at the same place in every photo); a 96x112 image is a crop already" oneof:"detect|fixed"`
	NoFace    string  `yaml:"no_face" help:"detect: what becomes of a photo in which no face is found: skip (it is left out) or fixed (it is cropped by the fixed frame); evaluation takes the frame always" oneof:"skip|fixed"`
	People    int     `yaml:"people" help:"synthetic: number of people, held-out ones included" unit:"people" min:"2" max:"1000000"`
	Images    int     `yaml:"images" help:"synthetic: images of each person" unit:"images" min:"2" max:"10000"`
}

// Augment says how training images are varied.
type Augment struct {
	Mirror bool `yaml:"mirror" help:"mirror half of the images"`
	Shift  int  `yaml:"shift" help:"shift images by up to this much in each direction" unit:"pixels" min:"0" max:"48"`

	Rotate float64 `yaml:"rotate" help:"turn images by up to this much each way" unit:"degrees" min:"0" max:"45"`
	Scale  float64 `yaml:"scale" help:"enlarge images by a factor of up to 1 + this, or reduce them by it" min:"0" max:"1"`

	Brightness float64 `yaml:"brightness" help:"make images brighter or darker by up to this share of the range" min:"0" max:"1"`
	Contrast   float64 `yaml:"contrast" help:"multiply or divide contrast by up to 1 + this" min:"0" max:"1"`
	Saturation float64 `yaml:"saturation" help:"multiply or divide the strength of colours by up to 1 + this" min:"0" max:"1"`
	Grey       float64 `yaml:"grey" help:"share of images that lose their colours" min:"0" max:"1"`

	Erase float64 `yaml:"erase" help:"share of images of which a rectangle is covered, 2 to 15 % of the image (random erasing)" min:"0" max:"1"`
}

// Train says how long to train.
type Train struct {
	Epochs int `yaml:"epochs" help:"passes over the training images" unit:"epochs" min:"1" max:"1000000" resume:"yes"`
	Batch  int `yaml:"batch" help:"images a step; images left over at the end of an epoch wait for another epoch" unit:"images" min:"1" max:"65536"`
}

// Solver configures stochastic gradient descent.
type Solver struct {
	Rate        float64 `yaml:"rate" help:"learning rate after warm-up" above:"0" max:"1000" resume:"yes"`
	Momentum    float64 `yaml:"momentum" help:"momentum of the gradient" min:"0" below:"1" resume:"yes"`
	WeightDecay float64 `yaml:"weight_decay" help:"weight decay of weights (biases and PReLU slopes do not decay)" min:"0" max:"1" resume:"yes"`
	ClipNorm    float64 `yaml:"clip_norm" help:"largest Euclidean norm of the whole gradient; a longer one is scaled down to it (0 = any)" min:"0" max:"1000000" resume:"yes"`
	Schedule    string  `yaml:"schedule" help:"rate after warm-up: constant, step (times step_factor every step_epochs), milestones (times step_factor at each of them) or cosine (to zero at the end)" oneof:"constant|step|milestones|cosine" resume:"yes"`
	Warmup      int     `yaml:"warmup" help:"the rate rises linearly over this long" unit:"steps" min:"0" max:"100000000" resume:"yes"`
	StepEpochs  int     `yaml:"step_epochs" help:"step schedule: length of a stair" unit:"epochs" min:"1" max:"1000000" resume:"yes"`
	Milestones  string  `yaml:"milestones" help:"milestones schedule: the steps, rising, with spaces between them" resume:"yes"`
	StepFactor  float64 `yaml:"step_factor" help:"step and milestones schedules: factor on the rate" above:"0" max:"1" resume:"yes"`
}

// Validation says when and how the held-out people are compared.
type Validation struct {
	Every int `yaml:"every" help:"validate after every so many epochs, and after the last (0 = never)" unit:"epochs" min:"0" max:"1000000" resume:"yes"`
	Pairs int `yaml:"pairs" help:"pairs of held-out faces, half of the same person and half of different people; a multiple of 2·folds" unit:"pairs" min:"2" max:"1000000"`
	Folds int `yaml:"folds" help:"folds of the protocol: the threshold for each is chosen on the others" unit:"folds" min:"2" max:"1000"`
}

// Checkpoint says what is kept on disk and when.
type Checkpoint struct {
	Steps int `yaml:"steps" help:"save the last state after every so many steps, beside the end of each epoch (0 = at the end of epochs only)" unit:"steps" min:"0" max:"100000000" resume:"yes"`
	Every int `yaml:"every" help:"keep a copy for good after every so many epochs, beside the last and the best (0 = none)" unit:"epochs" min:"0" max:"1000000" resume:"yes"`
}

// Default returns the settings of a key that neither file nor flag names: the
// recipe for SphereFace-4 on LFW, configs/lfw.yaml, but in float32, with all of the
// channels that the network's name stands for, without dropout, of which the config of
// an older run says nothing, and saved at the ends of epochs only.
func Default() Config {
	return Config{
		Seed: 1, Precision: "float32",
		Network: Network{
			Name: "sphereface4", Width: 1, Embedding: 512, Init: "he",
		},
		Head: Head{
			Kind: "asoftmax", LambdaBase: 1500, LambdaMin: 5, LambdaGamma: 0.1,
		},
		Data: Data{
			Source: "lfw", Split: "dev-train", Holdout: 0.1, MinImages: 1,
			Align: "detect", NoFace: "skip", People: 200, Images: 12,
		},
		Augment: Augment{
			Mirror: true, Shift: 6, Rotate: 10, Scale: 0.12,
			Brightness: 0.25, Contrast: 0.25, Saturation: 0.35, Grey: 0.15, Erase: 0.5,
		},
		Train: Train{Epochs: 180, Batch: 128},
		Solver: Solver{
			Rate: 0.05, Momentum: 0.9, WeightDecay: 5e-4,
			Schedule: "cosine", Warmup: 200, StepEpochs: 64, StepFactor: 0.1,
		},
		Validation: Validation{Every: 1, Pairs: 1000, Folds: 10},
	}
}
